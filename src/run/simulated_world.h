// A fleet's action on the simulation driver: the compiled state machine, the real task handlers and the real
// typed calls, over the simulated cloud in-process and on a virtual clock. For `--simulate`, for benchmarks
// and for proofs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "aws/client/caller.h"
#include "base/clock.h"
#include "base/result.h"
#include "coordination/table.h"
#include "engine/virtual/simulation.h"
#include "fleet/fleet.h"
#include "http/transport.h"
#include "machine/compile.h"
#include "simcloud/cloud.h"

namespace lamplighter::run {

/// Told of every call just before the cloud answers it, at the moment `now` of its own clock.
using CallWatcher = std::function<void(const http::OutgoingRequest& request, Time now)>;

/// A simulated cloud with its clock and a way to it. Actions are run in it one after the other. For one
/// thread.
class SimulatedWorld {
 public:
  /// Error: only where the AWS layer can't be set up (a bug).
  static Result<std::unique_ptr<SimulatedWorld>> make(const simcloud::CloudSpec& spec, Time start,
                                                      CallWatcher watcher = {});
  SimulatedWorld(const SimulatedWorld&) = delete;
  SimulatedWorld& operator=(const SimulatedWorld&) = delete;
  ~SimulatedWorld();

  /// Runs an action to its end, on the environments that `input` names. The execution's output is what the
  /// report task answers (docs/tasks.md).
  /// Error: as machine::compile and engine::simulate.
  Result<engine::SimulationResult> run(const fleet::Fleet& fleet, tasks::Action action,
                                       const machine::CompileOptions& compile_options,
                                       const engine::SimulationOptions& options,
                                       const json::object& input = {});

  /// The same of a definition that was compiled elsewhere. Error: as engine::simulate.
  Result<engine::SimulationResult> run(const std::string& definition, const json::value& input,
                                       const engine::SimulationOptions& options);

  /// A run of several that begin at their own moments and go on side by side (engine::simulate_together).
  struct Start {
    tasks::Action action = tasks::Action::start;
    Time at{};
    json::object input;
    engine::SimulationOptions options;
  };
  Result<std::vector<engine::SimulationResult>> run_together(const fleet::Fleet& fleet,
                                                             const std::vector<Start>& starts);

  /// Lets runs agree by a table, which outlives them; else each has the fleet for itself.
  void agree_by(coordination::Table& table);

  [[nodiscard]] simcloud::Cloud& cloud();
  [[nodiscard]] engine::SimulationClock& clock();
  [[nodiscard]] aws::Caller& caller();

 private:
  struct Parts;
  explicit SimulatedWorld(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// When its report was out and its mail sent: the run's end, as people and benchmarks have it.
Time run_end(const engine::SimulationResult& result);

}  // namespace lamplighter::run
