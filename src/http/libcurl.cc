#include "http/libcurl.h"

namespace lamplighter::http {

const Libcurl& libcurl() {
  static const Libcurl loaded = [] {
    Libcurl library;
    library.global_init(CURL_GLOBAL_DEFAULT);
    return library;
  }();
  return loaded;
}

}  // namespace lamplighter::http
