// The state machines to deploy: start and stop for the whole fleet, and one for each other set of
// environments that a schedule names. A machine a set, rather than an input that chooses: what Step Functions
// shows is what runs, and the machine stays the one that `lamplighter compile` prints.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "fleet/fleet.h"
#include "json/json.h"
#include "machine/compile.h"

namespace lamplighter::deploy {

struct Machine {
  tasks::Action action = tasks::Action::start;
  std::vector<std::string> environments;  ///< in the fleet's order; empty for all
  std::string label;                      ///< "start", "stop-dev-test"
  std::string definition;  ///< the ASL text: indented, or on one line where it passes 1 MB else
};

/// How `synth` compiles: the function's name, and a pace that suits Step Functions.
/// Error: bad_input "TooManyEvents", "UnknownEnvironment".
Result<machine::CompileOptions> cloud_options(const fleet::Fleet& fleet,
                                              std::vector<std::string> environments);

/// All machines, start and stop first. Error: that of cloud_options or compile.
Result<std::vector<Machine>> machines_of(const fleet::Fleet& fleet);

/// The machine that `schedule` runs: one of machines_of(fleet).
const Machine& machine_for(const fleet::Fleet& fleet, const std::vector<Machine>& machines,
                           const fleet::Schedule& schedule);

/// A definition as it is printed and deployed: indented while that fits into Step Functions' limit, for
/// people and for diffs (compile() sees to it that one line does), and nothing in it is more than text.
std::string definition_text(const json::value& definition);

}  // namespace lamplighter::deploy
