// What is kept of state machines and executions, and how lists of them are asked for.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "engine/core/event.h"
#include "json/json.h"

namespace lamplighter::engine {

/// How long ended executions stay. Running ones always do; those of which nobody has taken note yet
/// (Engine::note) stay up to twice as long.
struct Retention {
  std::chrono::hours age{24 * 90};               ///< by the time of their end
  std::size_t executions = 10'000;               ///< the newest ended ones
  std::uint64_t bytes = std::uint64_t{1} << 30;  ///< of their histories: beyond, the oldest go first

  friend bool operator==(const Retention&, const Retention&) = default;
};

struct StateMachine {
  std::string arn;
  std::string name;
  std::string definition;  ///< the text as it was given
  std::string role_arn;
  std::string revision_id;
  json::value extras;  ///< what the API keeps beside (logging, tracing, tags): an object or null
  Time created{};
  Time updated{};
};

/// RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED.
enum class ExecutionStatus { running, succeeded, failed, timed_out, aborted };
std::string_view to_string(ExecutionStatus status);
std::optional<ExecutionStatus> parse_status(std::string_view text);

struct Execution {
  std::string arn;
  std::string name;
  std::string state_machine_arn;
  std::string role_arn;
  ExecutionStatus status = ExecutionStatus::running;
  Time started{};
  std::optional<Time> ended;
  std::string input;                  ///< JSON text; left empty in lists
  std::optional<std::string> output;  ///< JSON text, of a success; left empty in lists
  std::optional<std::string> error;   ///< of a failure, timeout or abort; or what keeps it from being read
  std::optional<std::string> cause;
  /// Who started it, as the process that took the start knows it (docs/cli.md, "Who started it"); {} where
  /// nobody does.
  json::object started_by = {};
};

/// A page of a list. `next` is given back as the next request's `token`; "" at the end.
template <class T>
struct Page {
  std::vector<T> items;
  std::string next;
};

struct ListExecutions {
  std::string state_machine_arn;  ///< "" for all
  std::optional<ExecutionStatus> status;
  std::size_t max = 100;  ///< 1 to 1000
  std::string token;
};

struct HistoryRequest {
  std::string execution_arn;
  std::size_t max = 100;  ///< 1 to 1000
  bool reverse = false;
  std::string token;
};

/// Makes a state machine's new extras of those that it has. Called on the engine's own thread, within the
/// transaction; must be quick and must not call the engine.
using ChangeExtras = std::function<Result<json::value>(json::value)>;

/// What an observer is told after each commit, in the order of the commits.
struct Appended {
  std::string_view execution_arn;
  const std::vector<Event>& events;  ///< without notes
};
using Observer = std::function<void(const Appended&)>;

}  // namespace lamplighter::engine
