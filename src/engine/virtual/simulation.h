// The simulation driver: one definition run to its end on a virtual clock, deterministically, without
// threads, sockets or a database. A night of polling takes milliseconds.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "engine/core/event.h"
#include "engine/core/records.h"
#include "engine/core/task_runner.h"
#include "json/json.h"

namespace lamplighter::engine {

/// The virtual clock: a line of time, and a clock on the wall beside it, which may be set. Within a task,
/// sleep() moves only that task's own time, so tasks that run in parallel overlap: the task's completion
/// comes at its start plus what it slept. For one thread.
class SimulationClock final : public Clock {
 public:
  explicit SimulationClock(Time start) : now_(start) {}
  [[nodiscard]] Time now() const override { return line() + set_by_; }
  [[nodiscard]] Time steady() const override { return line() + set_by_at_begin_; }
  void sleep(Duration duration) override {
    if (duration > Duration::zero()) offset_ += duration;
  }

  /// The time that truly passes, whatever the wall shows.
  [[nodiscard]] Time line() const { return now_ + offset_; }
  /// What somebody does who sets the clock on the wall.
  void set_wall_by(Duration duration) { set_by_ += duration; }

  /// For the driver: another process begins, whose steady() begins as what now() is.
  void begin_process() {
    set_by_at_begin_ = set_by_;
    ++processes_;
  }
  /// How many have begun.
  [[nodiscard]] int processes() const { return processes_; }
  /// For the driver: moves the clock itself, never back.
  void advance_to(Time time) {
    if (time > now_) now_ = time;
  }
  /// For the driver: the clock itself, without what the running task slept.
  [[nodiscard]] Time now_before_offset() const { return now_; }
  /// For the driver: what was slept since the last call.
  Duration take_offset() { return std::exchange(offset_, Duration::zero()); }

 private:
  Time now_;
  Duration offset_{0};
  Duration set_by_{0};
  Duration set_by_at_begin_{0};
  int processes_ = 0;
};

/// Where a simulation's history outlives a crash. A proof's may fail.
class Journal {
 public:
  virtual ~Journal() = default;
  /// Keeps a step's events: all of them, or none (an error; the step is done again, as the driver does it).
  virtual Status append(const std::vector<Event>& events) = 0;
  /// Hands over what was kept, in its order, as a new process finds it.
  virtual Status read(const std::function<Status(const std::vector<Event>&)>& take) = 0;
};

struct SimulationOptions {
  std::string state_machine = "simulation";  ///< the names in the ARNs
  std::string execution = "simulation";
  std::uint64_t seed = 1;  ///< for $random(), $uuid() and jitter
  /// Told of each append, as Engine::subscribe's observers are.
  Observer observer;
  /// Asked before virtual time moves on to `next`: paces the run (by really sleeping) and may end it. False
  /// stops the execution there as ABORTED.
  std::function<bool(Time next)> before_advance;
  /// Asked after each commit: true drops everything but the history, from which the execution is then rebuilt
  /// (as a killed process would be), and its tasks in flight are run again. May set the clock on the wall.
  std::function<bool()> crash_after_commit;
  Journal* journal = nullptr;  ///< nullptr: in memory
};

struct SimulationResult {
  Execution execution;        ///< as describe_execution would give it
  std::vector<Event> events;  ///< the whole history, without notes
};

/// Error: bad_input "InvalidDefinition" with the first diagnostics, or "InvalidExecutionInput".
Result<SimulationResult> simulate(std::string_view definition, const json::value& input,
                                  SimulationClock& clock, TaskRunner& runner,
                                  const SimulationOptions& options = {});

/// One of several executions that run side by side.
struct SimulatedStart {
  std::string definition;
  json::value input;
  Time at{};                  ///< on the clock's line
  SimulationOptions options;  ///< before_advance is not asked
};

/// Runs them on one clock to their ends; `starts` by their moments. What one does in a moment is done before
/// another does anything. Errors: as simulate().
Result<std::vector<SimulationResult>> simulate_together(const std::vector<SimulatedStart>& starts,
                                                        SimulationClock& clock, TaskRunner& runner);

}  // namespace lamplighter::engine
