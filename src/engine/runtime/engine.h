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
#include "json/json.h"

namespace lamplighter::engine {

struct Options {
  std::filesystem::path state_dir;   ///< made with mode 0700 where it is missing
  std::string region = "us-east-1";  ///< with its partition, and the account, in the ARNs that are made here
  std::string account = "123456789012";
  std::size_t workers = 256;  ///< at most so many tasks run at once; a thread for each that does
  std::chrono::milliseconds patience{3'000};  ///< closing waits so long for tasks that run
  Retention retention;
  /// Told what the operator must know: the disk is full, an execution's history is damaged. Called on the
  /// engine's own thread; must be quick and must not call the engine.
  std::function<void(const std::string&)> trouble;
};

/// Ends its subscription when it is destroyed; then its observer is not called any more.
class Subscription {
 public:
  Subscription() = default;
  explicit Subscription(std::shared_ptr<void> keep) : keep_(std::move(keep)) {}

 private:
  std::shared_ptr<void> keep_;
};

/// Safe to use from several threads. Error codes are the Step Functions API's exception names
/// (StateMachineDoesNotExist, ExecutionAlreadyExists, InvalidDefinition, InvalidExecutionInput, InvalidName,
/// InvalidArn, InvalidToken, …), with kind bad_input; internal for disk trouble.
class Engine {
 public:
  /// Opens (or makes) the state directory's database and holds it until destruction; starts no execution by
  /// itself. `clock` and `runner` must outlive the engine. Errors: bad_input "StateDirectoryInUse" naming the
  /// other process; internal "DatabaseCorrupted", "DatabaseTooNew" (neither is ever written to), "Database".
  static Result<std::unique_ptr<Engine>> open(Options options, Clock& clock, TaskRunner& runner);
  /// As close().
  virtual ~Engine() = default;

  /// Waits for tasks that are running, as long as the options say, and leaves running executions to the next
  /// resume(). Gives how many tasks hang: their threads still use the clock and the runner, so where it isn't
  /// 0 the process must end without destroying those (std::_Exit). Only the destructor may follow.
  virtual std::size_t close() = 0;

  /// Idempotent for the same name, definition and role; else StateMachineAlreadyExists.
  virtual Result<StateMachine> create_state_machine(const std::string& name, const std::string& definition,
                                                    const std::string& role_arn,
                                                    json::value extras = nullptr) = 0;
  /// Leaves as it is what is nullopt (or an empty function). Running executions keep the definition that they
  /// started with.
  virtual Result<StateMachine> update_state_machine(const std::string& arn,
                                                    const std::optional<std::string>& definition,
                                                    const std::optional<std::string>& role_arn,
                                                    const ChangeExtras& change_extras) = 0;
  virtual Result<StateMachine> describe_state_machine(const std::string& arn) = 0;
  virtual Result<Page<StateMachine>> list_state_machines(std::size_t max, const std::string& token) = 0;
  /// Idempotent. Its executions stay, and those that are running go on.
  virtual Status delete_state_machine(const std::string& arn) = 0;

  /// `name` may be "" for a made one. Idempotent while an execution of that name and input is running; else
  /// ExecutionAlreadyExists. Returns once the start is on disk.
  virtual Result<Execution> start_execution(const std::string& state_machine_arn, const std::string& name,
                                            const std::string& input) = 0;
  virtual Result<Execution> describe_execution(const std::string& arn) = 0;
  /// Newest first.
  virtual Result<Page<Execution>> list_executions(const ListExecutions& request) = 0;
  /// Ends a running execution as ABORTED; one that has ended stays as it is. Gives the time of its end.
  virtual Result<Time> stop_execution(const std::string& arn, const std::string& error,
                                      const std::string& cause) = 0;
  /// A page ends early where it gets some megabytes long.
  virtual Result<Page<Event>> history(const HistoryRequest& request) = 0;
  /// The definition that an execution runs, as text.
  virtual Result<std::string> execution_definition(const std::string& arn) = 0;
  /// One execution as one JSON object: its description, its definition and its whole history.
  virtual Result<json::object> export_execution(const std::string& arn) = 0;

  /// Goes on with every execution that was running when the last process ended (or with one). Gives their
  /// ARNs.
  virtual Result<std::vector<std::string>> resume() = 0;
  /// The same, but for those with these ARNs: they stay as they are.
  virtual Result<std::vector<std::string>> resume_all_but(const std::set<std::string>& left) = 0;
  virtual Status resume(const std::string& execution_arn) = 0;

  /// Calls `observer` after every commit, on the engine's own thread: it must be quick and must not call the
  /// engine.
  [[nodiscard]] virtual Subscription subscribe(Observer observer) = 0;

  /// Waits (in real time) until the execution has ended or `timeout` has passed; gives it as it then is.
  virtual Result<Execution> wait_for_end(const std::string& arn, std::chrono::milliseconds timeout) = 0;

  [[nodiscard]] virtual const Options& options() const = 0;
};

}  // namespace lamplighter::engine
