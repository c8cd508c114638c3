// One state's JSON → State. Part of the parser (parse.h).
#pragma once

#include <functional>
#include <set>
#include <string>

#include "asl/definition.h"
#include "asl/fields.h"

namespace lamplighter::asl {

/// What holds for the whole definition while it is parsed.
struct ParseContext {
  bool jsonata = false;  ///< the top level's QueryLanguage
  Diagnostics diagnostics;
  std::set<std::string, std::less<>> names;  ///< of all states, which must differ
};

/// A StartAt and its States, at `location`; checks that each transition's target is there.
States parse_states(const json::object& object, const std::string& location, ParseContext& context);

State parse_state(const json::object& object, const std::string& name, const std::string& location,
                  ParseContext& context);

}  // namespace lamplighter::asl
