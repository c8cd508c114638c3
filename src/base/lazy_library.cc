#include "base/lazy_library.h"

#include <cstdio>
#include <cstdlib>

#include <dlfcn.h>

namespace lamplighter {
namespace {

void* expected(void* found) {
  if (found != nullptr) return found;
  constexpr int kNoProgram = 127;  // the loader's own
  std::fprintf(stderr, "lamplighter: error while loading shared libraries: %s\n", ::dlerror());
  std::_Exit(kNoProgram);
}

}  // namespace

LazyLibrary::LazyLibrary(const char* name) : handle_(expected(::dlopen(name, RTLD_LAZY | RTLD_LOCAL))) {}

LazyLibrary::Symbol LazyLibrary::function(const char* name) const {
  return Symbol(expected(::dlsym(handle_, name)));
}

}  // namespace lamplighter
