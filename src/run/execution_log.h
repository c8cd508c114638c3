// Tells of executions as they go: who started one, which environment halted, how it ended, and what people
// must know of its mail and its alarms. The engine's thread only hands over what happened; a thread of its
// own asks for the rest.
#pragma once

#include <condition_variable>
#include <deque>
#include <set>
#include <string>
#include <thread>

#include "base/log.h"
#include "base/mutex.h"
#include "engine/runtime/engine.h"
#include "run/figures.h"

namespace lamplighter::run {

class Progress;

/// Keeps references to what it is given.
class ExecutionLog {
 public:
  /// Told of so many events at most that wait: beyond, they are not told of.
  static constexpr std::size_t kMostWaiting = 10'000;

  /// From now on it tells; what past executions came to, the figures learn soon.
  ExecutionLog(engine::Engine& engine, Log& log, Figures& figures);
  /// What has happened is told before.
  ~ExecutionLog();
  ExecutionLog(const ExecutionLog&) = delete;
  ExecutionLog& operator=(const ExecutionLog&) = delete;

 private:
  enum class What { started, branch_ended, reported, ended };
  struct Item {
    What what;
    std::string arn;
    engine::SharedText payload;  ///< of a branch's end
  };

  void note(const engine::Appended& appended);
  void run();
  bool is_ending();
  void tell(const Item& item);
  void tell_start(const engine::Execution& execution);
  void tell_branch(const Item& item);
  void tell_report(const engine::Execution& execution, const Progress& progress);
  void tell_end(const engine::Execution& execution, const Progress* progress);
  void learn_from_past();
  void learn_from_past(const std::string& machine_arn, const FleetMachine& machine);
  void learn(const engine::Execution& execution, const Progress& progress);
  [[nodiscard]] std::optional<FleetMachine> machine_of(const std::string& execution_arn) const;
  void say(LogEvent event, const std::string& arn, std::string message, std::string environment = "") const;

  engine::Engine& engine_;
  Log& log_;
  Figures& figures_;
  std::set<std::string> reported_;  ///< executions whose report was told of, and that go on
  Mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> items_ GUARDED_BY(mutex_);
  bool ending_ GUARDED_BY(mutex_) = false;
  engine::Subscription subscription_;
  std::thread thread_;
};

}  // namespace lamplighter::run
