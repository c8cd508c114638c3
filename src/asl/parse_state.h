// One state's JSON → State. Part of the parser (parse.h).
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "asl/definition.h"
#include "asl/fields.h"

namespace lamplighter::asl {

using Names = std::set<std::string, std::less<>>;

/// What holds for the whole definition while it is parsed.
struct ParseContext {
  bool express = false;
  bool jsonata = false;  ///< the top level's QueryLanguage
  Diagnostics diagnostics;
  Names names;                   ///< of all states, which must differ
  std::vector<Names> variables;  ///< that states assign: of the top level first, of this level last
};

/// The query language that an object sets, `inherited` where it sets none. To the service all that is not
/// "JSONPath" is JSONata, and what is neither is an error beside.
bool reads_jsonata(Fields& fields, bool inherited);

/// A StartAt and its States, at `location`; checks that transitions lead to states, and to each of them.
States parse_states(const json::object& object, const std::string& location, ParseContext& context);

State parse_state(const json::object& object, const std::string& name, const std::string& location,
                  ParseContext& context);

}  // namespace lamplighter::asl
