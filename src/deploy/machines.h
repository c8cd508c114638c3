// The state machines to deploy: start and stop, for the whole fleet, and one that warns where a schedule is
// to. Which environments a run works on, its input says.
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
  std::string label;       ///< "start", "stop", "warn" (before a stop)
  std::string definition;  ///< the ASL text: indented, or on one line where it passes 1 MB else
};

/// How `synth` compiles: the function's name, and looks that are rare enough for Step Functions' prices.
machine::CompileOptions cloud_options(const fleet::Fleet& fleet, std::vector<std::string> environments = {});

/// Start, then stop, then, where a schedule warns, warn. Error: that of compile.
Result<std::vector<Machine>> machines_of(const fleet::Fleet& fleet);

/// The machine that `schedule`, or a warning (fleet/warnings.h), runs: one of machines_of(fleet).
const Machine& machine_for(const std::vector<Machine>& machines, const fleet::Schedule& schedule);

/// A definition as it is printed and deployed: indented while that fits into Step Functions' limit, for
/// people and for diffs (compile() sees to it that one line does), and nothing in it is more than text.
std::string definition_text(const json::value& definition);

}  // namespace lamplighter::deploy
