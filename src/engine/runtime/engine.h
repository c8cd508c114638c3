// The embedded engine behind one door: state machines, executions and their histories in a state directory,
// and a loop that carries executions on. The HTTP API and the CLI's verbs stand on it.
//
// Everything is durable before it is acted on: events are appended and committed, then tasks and timers
// follow. A process may die at any moment; resume() goes on with what was running.
//
// Durations (a Wait's Seconds, timeouts, retries' intervals) are measured, moments (a Wait's Timestamp, the
// history's timestamps) are what the wall clock shows: setting it moves only those. While no process holds
// the directory time can't be measured: that passes as the wall clock says.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "engine/core/records.h"
#include "engine/core/task_runner.h"
#include "engine/runtime/executions.h"
#include "json/json.h"

namespace lamplighter::engine {

struct Options {
  std::filesystem::path state_dir;   ///< made with mode 0700 where it is missing
  std::string region = "us-east-1";  ///< with its partition, and the account, in the ARNs that are made here
  std::string account = "123456789012";
  std::size_t workers = 256;  ///< at most so many tasks run at once; a thread for each that does
  std::chrono::milliseconds patience{3'000};  ///< closing waits so long for tasks that run
  /// nullopt: as it was last given for this directory.
  std::optional<Retention> retention = {};
  /// Told what the operator must know: the disk is full, an execution's history is damaged. Called on the
  /// engine's own thread; must be quick and must not call the engine.
  std::function<void(const std::string&)> trouble = {};
  /// Likewise, that the disk can be written to again, once nothing has failed there for `calm`.
  std::function<void(const std::string&)> well_again = {};
  Duration calm = std::chrono::minutes{1};
};

/// What is under way at a moment.
struct Load {
  std::size_t executions = 0;     ///< that are running
  std::size_t tasks_active = 0;   ///< that a worker has taken up
  std::size_t tasks_waiting = 0;  ///< for a worker
};

/// Ends its subscription when it is destroyed; then its observer is not called any more.
class Subscription {
 public:
  Subscription() = default;
  explicit Subscription(std::shared_ptr<void> keep) : keep_(std::move(keep)) {}

 private:
  std::shared_ptr<void> keep_;
};

/// Safe to use from several threads. Errors as Executions says, and internal for disk trouble.
class Engine : public Executions {
 public:
  /// Opens (or makes) the state directory's database and holds it until destruction; starts no execution by
  /// itself. `clock` and `runner` must outlive the engine. Errors: bad_input "StateDirectoryInUse" naming the
  /// other process; internal "DatabaseCorrupted", "DatabaseTooNew" (neither is ever written to), "Database".
  static Result<std::unique_ptr<Engine>> open(Options options, Clock& clock, TaskRunner& runner);
  /// As close().
  ~Engine() override = default;

  /// Waits for tasks that are running, as long as the options say, and leaves running executions to the next
  /// resume(). Gives how many tasks hang: their threads still use the clock and the runner, so where it isn't
  /// 0 the process must end without destroying those (std::_Exit). Only questions (descriptions, lists,
  /// histories) and the destructor may follow.
  virtual std::size_t close() = 0;

  /// Idempotent. Its executions stay, and those that are running go on.
  virtual Status delete_state_machine(const std::string& arn) = 0;

  /// Goes on with every execution that was running when the last process ended (or with one). Gives their
  /// ARNs.
  virtual Result<std::vector<std::string>> resume() = 0;
  /// The same, but for those with these ARNs: they stay as they are.
  virtual Result<std::vector<std::string>> resume_all_but(const std::set<std::string>& left) = 0;
  virtual Status resume(const std::string& execution_arn) = 0;
  /// Whether it goes on with this execution, which runs. One that was left running by another process it does
  /// only after resume().
  virtual Result<bool> carries_on(const std::string& execution_arn) = 0;

  /// Ended executions of which nobody has taken note yet, as lists have them; the earliest starts first.
  virtual Result<std::vector<Execution>> unnoted(std::size_t max) = 0;
  /// Somebody has taken note of these: they may go when their time has come.
  virtual Status note(const std::vector<std::string>& execution_arns) = 0;

  /// Calls `observer` after every commit, on the engine's own thread: it must be quick and must not call the
  /// engine.
  [[nodiscard]] virtual Subscription subscribe(Observer observer) = 0;

  /// Waits (in real time) until the execution has ended or `timeout` has passed; gives it as it then is.
  virtual Result<Execution> wait_for_end(const std::string& arn, std::chrono::milliseconds timeout) = 0;

  /// Has the engine's own thread come round, for whoever watches over it: `answer` is called on that thread,
  /// as an observer is, with whether the database could be written (where `write` asks for that; a row is).
  /// Not at all where the thread hangs, or the engine is closed before.
  virtual void ping(bool write, std::function<void(const Status&)> answer) = 0;
  [[nodiscard]] virtual Load load() const = 0;

  [[nodiscard]] virtual const Options& options() const = 0;
};

}  // namespace lamplighter::engine
