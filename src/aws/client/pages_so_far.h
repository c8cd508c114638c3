// How far a list of pages was read: kept by whoever goes on with it later.
#pragma once

#include <cstddef>
#include <set>
#include <string>

namespace lamplighter::aws {

struct PagesSoFar {
  std::string next;              ///< the token of the page to come
  int pages = 0;                 ///< read
  std::size_t kept = 0;          ///< about how many bytes are kept of them
  std::set<std::string> tokens;  ///< all that came
};

}  // namespace lamplighter::aws
