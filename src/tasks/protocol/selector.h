// How a phase's servers are found.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "json/json.h"

namespace lamplighter {
class Reader;
}

namespace lamplighter::tasks {

/// Tags that a server must all have.
using Tags = std::map<std::string, std::string>;

/// The parts add up.
struct Selector {
  std::vector<std::string> names{};  ///< Name tags: each must match exactly one server
  std::vector<std::string> ids{};    ///< instance ids
  std::vector<Tags> tags{};          ///< each must find at least one server

  friend bool operator==(const Selector&, const Selector&) = default;
};

/// {"names", "ids", "tags"}.
json::object to_json(const Selector& selector);
/// The member "servers". A selector names something.
Result<Selector> read_selector(const Reader& fields);

}  // namespace lamplighter::tasks
