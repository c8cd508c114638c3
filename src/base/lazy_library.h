// A shared library that is loaded when it is first needed. What libcurl, libcrypto and libical bring along is
// most of what starting a program costs, and most verbs need none of it.
//
//   struct Libcurl {
//     LazyLibrary library{"libcurl.so.4"};
//     decltype(&::curl_easy_init) easy_init = library.function("curl_easy_init");
//   };
//   const Libcurl& libcurl() { static const Libcurl loaded; return loaded; }
//
// The name stands in the program as it is, where packaging/carry finds what to carry with it.
#pragma once

#include <string>

namespace lamplighter {

/// Stays loaded. Safe to use from several threads.
class LazyLibrary {
 public:
  /// Converts to the pointer that is asked for.
  class Symbol {
   public:
    explicit Symbol(void* address) : address_(address) {}
    template <class Function>
    operator Function*() const {  // NOLINT(google-explicit-constructor)
      return reinterpret_cast<Function*>(address_);
    }

   private:
    void* address_;
  };

  /// `name` as the loader knows it. Where it is missing, the program ends with exit code 127 and says so, as
  /// the loader would have at its start.
  explicit LazyLibrary(const char* name);
  /// The same holds for a function.
  [[nodiscard]] Symbol function(const char* name) const;

 private:
  void* handle_;
};

}  // namespace lamplighter
