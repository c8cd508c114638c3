// Fleet + action → state machine: an Amazon States Language definition in the JSONata dialect. The shape of
// the machine and the JSON of its tasks is docs/tasks.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "fleet/fleet.h"
#include "json/json.h"
#include "tasks/protocol/pace.h"

namespace lamplighter::machine {

struct CompileOptions {
  std::vector<std::string> environments;  ///< which; empty for all. Error: bad_input "UnknownEnvironment"
  /// The Lambda function that the Task states invoke; in the embedded engine "lamplighter" is in-process.
  std::string function_name = "lamplighter";
  /// Between two looks: sparse in Lambda. nullopt: the densest of kEmbeddedPaces (events.h) that fits.
  std::optional<tasks::Pace> pace;
};

/// Deterministic: the same fleet gives the same bytes. Errors: bad_input "UnknownEnvironment",
/// "TooManyEvents".
Result<json::value> compile(const fleet::Fleet& fleet, tasks::Action action,
                            const CompileOptions& options = {});

/// The definition as a Mermaid state diagram (stateDiagram-v2).
std::string to_mermaid(const json::value& definition);

}  // namespace lamplighter::machine
