// One run of a compiled machine, watched from its start to its end: on the embedded engine against AWS (or
// what stands for it), or on the simulation driver against a simulated cloud in this process.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/client/caller.h"
#include "engine/runtime/engine.h"
#include "fleet/fleet.h"
#include "machine/compile.h"
#include "machine/shape.h"
#include "run/observer.h"
#include "run/progress.h"

namespace lamplighter::run {

/// What is to run.
struct RunOrder {
  fleet::Fleet fleet;
  fleet::Action action = fleet::Action::start;
  machine::CompileOptions compile_options;
  json::value definition;  ///< what compile() makes of the three
  machine::Shape shape;
  std::string execution;  ///< its name, "start-20261124-060000-x7"
};

/// How a run was left.
struct RunEnd {
  engine::Execution execution;
  bool interrupted = false;  ///< by Ctrl-C: the execution is still running (a simulated one is over)
};

struct SimulatedRun {
  std::optional<double> speed = 60;  ///< virtual seconds a second; nullopt: as fast as it goes
  std::uint64_t seed = 1;
  std::vector<std::string> faults;
};

/// The name of a new execution: action, moment, and a few random letters.
std::string execution_name(fleet::Action action, Time now);

/// Runs in this process, deterministically by its seed. Adds the API calls to `calls`. Error: bad_input
/// "InvalidFault", or what the driver says of the definition.
Result<RunEnd> run_simulated(const RunOrder& order, const SimulatedRun& options, Progress& progress,
                             Observer& view, aws::CallCounts& calls);

/// Starts the order's execution on `engine` and watches it until its end or Ctrl-C.
Result<RunEnd> run_embedded(engine::Engine& engine, const RunOrder& order, Progress& progress, Observer& view,
                            const Clock& clock);

/// Watches an execution that `engine` holds. `progress` must be subscribed to it already.
Result<RunEnd> watch(engine::Engine& engine, const std::string& arn, Progress& progress, Observer& view,
                     const Clock& clock);

/// Tells `progress` all events that an execution has so far.
Status catch_up(engine::Engine& engine, const std::string& arn, Progress& progress);

/// Tells `progress` what is appended to the execution called `name` from now on.
[[nodiscard]] engine::Subscription follow(engine::Engine& engine, const std::string& name,
                                          Progress& progress);

}  // namespace lamplighter::run
