// Amazon States Language text → definition model (definition.h), or every problem in it. The JSONata dialect,
// and of the JSONPath dialect what both share (docs/engine.md).
#pragma once

#include <memory>
#include <string_view>

#include "asl/definition.h"
#include "asl/diagnostic.h"

namespace lamplighter::asl {

struct ParseResult {
  std::shared_ptr<const StateMachine> definition;  ///< null where there are errors
  Diagnostics diagnostics;                         ///< all of them, in the order of the text
};

enum class MachineType { standard, express };

/// Reads a definition of at most 1 MB. Never throws; bounded in depth and time. Refuses what the service
/// refuses of a machine of this type, and then what does not run here.
ParseResult parse(std::string_view text, MachineType type = MachineType::standard);

/// Reads a definition that was accepted once, by whatever rules then stood: refuses only what can't be run.
ParseResult parse_accepted(std::string_view text);

}  // namespace lamplighter::asl
