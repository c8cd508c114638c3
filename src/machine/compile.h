// Fleet + action → state machine: an Amazon States Language definition in the JSONata dialect. The shape of
// the machine and the JSON of its tasks is docs/tasks.md.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "fleet/fleet.h"
#include "json/json.h"
#include "tasks/protocol/action.h"

namespace lamplighter::machine {

struct CompileOptions {
  /// Which the machine has; empty for all. (Which of them a run works on, its input says.)
  std::vector<std::string> environments;
  /// The Lambda function that the Task states invoke; in the embedded engine "lamplighter" is in-process.
  std::string function_name = "lamplighter";
  int pause = 1;  ///< seconds, the shortest between two looks: in the cloud each look costs
};

/// Deterministic: the same fleet gives the same bytes. Errors: bad_input "UnknownEnvironment",
/// "TooManyEvents".
Result<json::value> compile(const fleet::Fleet& fleet, tasks::Action action,
                            const CompileOptions& options = {});

/// The definition as a Mermaid state diagram (stateDiagram-v2).
std::string to_mermaid(const json::value& definition);

}  // namespace lamplighter::machine
