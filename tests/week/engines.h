// The two engines that a week is told of: the daemon over its state directory, and what `synth` deploys on
// AWS. Each has a simulated cloud of its own, and both the same virtual time.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "api/scheduler/book.h"
#include "run/fleets_in_force.h"
#include "run/holder_schedules.h"
#include "run/override_table.h"
#include "run/simulated_world.h"
#include "run/start_occurrence.h"
#include "scheduler/dispatcher.h"
#include "scheduler/source.h"
#include "scheduler/store.h"
#include "tests/support/recorded_log.h"
#include "tests/week/executions.h"

namespace lamplighter::week {

/// For one thread.
class Engine {
 public:
  struct Setting {
    run::Overruling overruling;
    std::filesystem::path directory;  ///< to work in
    Time begin{};
  };
  explicit Engine(Setting setting);
  virtual ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Lets time pass: what is due is started, and runs to its end.
  Status pass_until(Time moment);
  [[nodiscard]] Time now();
  /// Who overrules here, as the command line does.
  [[nodiscard]] const run::Overruling& overruling() const { return overruling_; }
  run::OverrideTable table();
  /// A person starts it now, as `lamplighter start` does.
  Status start(tasks::Action action, const std::vector<std::string>& environments);
  [[nodiscard]] const std::vector<engine::Execution>& ran() const { return executions_.ran(); }
  /// "dev running, test stopped".
  [[nodiscard]] std::string servers();

  class Schedules;
  class WeekDesk;

 protected:
  Status open();
  virtual std::unique_ptr<coordination::Table> open_table() = 0;
  virtual Status make_schedules() = 0;
  [[nodiscard]] scheduler::Surroundings surroundings();

  run::Overruling overruling_;
  std::filesystem::path directory_;
  std::unique_ptr<run::SimulatedWorld> world_;
  VirtualExecutions executions_;
  std::unique_ptr<scheduler::Store> store_;
  std::unique_ptr<api::Book> book_;
  run::FleetsInForce fleets_;
  RecordedLog log_;
  std::vector<std::unique_ptr<scheduler::Source>> sources_;
  std::unique_ptr<run::HolderSchedules> schedules_;
};

/// Errors: what of it could not be set up.
Result<std::unique_ptr<Engine>> make_daemon(const std::string& file, const std::filesystem::path& directory,
                                            Time begin);
Result<std::unique_ptr<Engine>> make_deployment(const std::string& file,
                                                const std::filesystem::path& directory, Time begin);

}  // namespace lamplighter::week
