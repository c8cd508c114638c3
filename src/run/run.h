// One run, wherever it is to happen: on AWS or what stands for it, or simulated in this process.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "run/observer.h"
#include "run/order.h"
#include "run/outcome.h"
#include "run/real_run.h"
#include "run/simulated_run.h"

namespace lamplighter::run {

struct Ways {
  std::string simulate;    ///< "" for a real run, else as parse_speed() takes it
  SimulatedRun simulated;  ///< its speed is what `simulate` says
  RealRun real;
};

/// Moves the speed of "--simulate 60" to where it was meant: it stands among the environments, none of which
/// is called so.
void take_speed(Ways& ways, std::vector<std::string>& environments, const fleet::Fleet& fleet);

/// Runs the order to its end, or until Ctrl-C. Gives the exit code that `report` gave. Errors: as
/// run_for_real() and run_simulated(); bad_input "Usage" for an option of the other way.
Result<int> run(const RunOrder& order, Ways ways, Observer& view, const Report& report);

}  // namespace lamplighter::run
