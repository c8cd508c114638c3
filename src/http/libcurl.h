// What is used of libcurl, which is loaded when it is first needed (base/lazy_library.h).
#pragma once

#include <curl/curl.h>

#include "base/lazy_library.h"

namespace lamplighter::http {

struct Libcurl {
  LazyLibrary library{"libcurl.so.4"};
  decltype(&::curl_global_init) global_init = library.function("curl_global_init");
  decltype(&::curl_easy_init) init = library.function("curl_easy_init");
  decltype(&::curl_easy_reset) reset = library.function("curl_easy_reset");
  decltype(&::curl_easy_setopt) set_option = library.function("curl_easy_setopt");
  decltype(&::curl_easy_perform) perform = library.function("curl_easy_perform");
  decltype(&::curl_easy_getinfo) get_info = library.function("curl_easy_getinfo");
  decltype(&::curl_easy_strerror) words_of = library.function("curl_easy_strerror");
  decltype(&::curl_easy_cleanup) clean_up = library.function("curl_easy_cleanup");
  decltype(&::curl_slist_append) append = library.function("curl_slist_append");
  decltype(&::curl_slist_free_all) free_all = library.function("curl_slist_free_all");
};

const Libcurl& libcurl();

}  // namespace lamplighter::http
