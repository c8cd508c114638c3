// What the daemon counts of itself, for its metrics. What it counts by is known beforehand and bounded:
// fleets in force, their environments, the log's vocabulary. Names that come from the API are counted
// together.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "api/health/metrics_text.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "engine/core/records.h"
#include "fleet/fleet.h"
#include "tasks/protocol/action.h"

namespace lamplighter::run {

/// How many executions took at most so long; in seconds.
class Durations {
 public:
  static constexpr std::array<double, 10> kBounds{10, 60, 120, 300, 600, 1'200, 1'800, 3'600, 7'200, 14'400};
  void add(double seconds);
  void show(api::MetricsText& text, const api::MetricLabels& labels) const;

 private:
  std::array<std::uint64_t, kBounds.size()> at_most_{};
  std::uint64_t count_ = 0;
  double sum_ = 0;
};

/// A state machine that a fleet's schedules start.
struct FleetMachine {
  std::string fleet;
  tasks::Action action = tasks::Action::start;
};

/// Safe to use from several threads.
class Figures {
 public:
  /// This fleet is in force, as it now is: what is counted of it begins at 0, or goes on.
  void know(const fleet::Fleet& fleet);
  /// Whose state machine that is, by its name; nullopt for one of the API's.
  [[nodiscard]] std::optional<FleetMachine> machine_of(const std::string& name) const;
  /// Environments of which no success of this action is known.
  [[nodiscard]] std::set<std::string> without_success(const FleetMachine& machine) const;

  void said(const LogEntry& entry);
  void execution_started();
  void execution_ended(const std::optional<FleetMachine>& machine, const engine::Execution& execution);
  /// Keeps the latest. What is of no environment that is known is not counted.
  void environment_succeeded(const FleetMachine& machine, const std::string& environment, Time time);

  void show(api::MetricsText& text) const;

 private:
  struct FleetFigures {
    std::set<std::string> environments;
    std::map<LogEvent, std::uint64_t> occurrences;
    std::uint64_t halted = 0;
    std::map<tasks::Action, Durations> durations;
    std::map<std::pair<std::string, tasks::Action>, Time> successes;
  };
  void show_fleets(api::MetricsText& text) const REQUIRES(mutex_);

  mutable Mutex mutex_;
  /// "" for what people made through the API.
  std::map<std::string, FleetFigures> fleets_ GUARDED_BY(mutex_) = {{"", {}}};
  std::array<std::uint64_t, kLogEvents.size()> said_ GUARDED_BY(mutex_){};
  std::uint64_t started_ GUARDED_BY(mutex_) = 0;
  std::map<engine::ExecutionStatus, std::uint64_t> ended_ GUARDED_BY(mutex_);
};

/// Counts what is said before it is passed on.
class CountedLog final : public Log {
 public:
  CountedLog(Figures& figures, Log& log) : figures_(figures), log_(log) {}
  void write(const LogEntry& entry) override {
    figures_.said(entry);
    log_.write(entry);
  }
  void flush(std::chrono::milliseconds patience) override { log_.flush(patience); }

 private:
  Figures& figures_;
  Log& log_;
};

}  // namespace lamplighter::run
