// The definition model: a state machine as the engine runs it. Made by parse.h, immutable afterwards, shared
// by all executions and threads.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "asl/template.h"

namespace lamplighter::asl {

enum class StateType { task, pass, choice, wait, parallel, map, succeed, fail };

/// "Task", "Pass", …
std::string_view to_string(StateType type);

/// One entry of Retry.
struct Retrier {
  std::vector<std::string> error_equals;
  std::int64_t interval_seconds = 1;
  std::int64_t max_attempts = 3;
  double backoff_rate = 2.0;
  std::int64_t max_delay_seconds = 0;  ///< 0 for no bound
  bool full_jitter = false;
};

/// Variables that a state assigns, in their order.
using Assignments = std::vector<std::pair<std::string, Template>>;

/// One entry of Catch.
struct Catcher {
  std::vector<std::string> error_equals;
  std::string next;
  std::optional<Template> output;
  Assignments assign;
};

/// One entry of Choices.
struct ChoiceRule {
  Template condition;
  std::string next;
  std::optional<Template> output;
  Assignments assign;
};

struct State;

/// A StartAt and its States: the top level, a branch, or an item processor.
struct States {
  std::string start_at;
  std::map<std::string, State, std::less<>> states;

  [[nodiscard]] const State* find(std::string_view name) const;
};

/// One state. Which fields have a meaning depends on `type`.
struct State {
  std::string name;
  StateType type = StateType::pass;
  bool jsonata = true;  ///< false: JSONPath dialect, of which only what both dialects share is here
  std::string next;     ///< "" at the end
  const State* next_state = nullptr;  ///< the same; nullptr at the end
  std::optional<Template> output;
  Assignments assign;

  std::optional<json::value> result;  ///< Pass in the JSONPath dialect

  std::string resource;               ///< Task
  std::optional<Template> arguments;  ///< Task and Parallel
  std::optional<Template> timeout_seconds;
  std::optional<Template> heartbeat_seconds;
  std::optional<Template> role_arn;  ///< Credentials.RoleArn

  std::optional<Template> seconds;  ///< Wait: one of the two
  std::optional<Template> timestamp;

  std::vector<ChoiceRule> choices;
  std::string default_next;  ///< "" for none

  std::optional<Template> error;  ///< Fail
  std::optional<Template> cause;

  std::vector<States> branches;  ///< Parallel; for Map one: the item processor
  std::optional<Template> items;
  std::optional<Template> item_selector;
  std::optional<Template> max_concurrency;
  std::optional<Template> tolerated_failure_count;
  std::optional<Template> tolerated_failure_percentage;

  std::vector<Retrier> retry;
  std::vector<Catcher> catchers;
};

struct StateMachine : States {
  std::string comment;
  std::int64_t timeout_seconds = 0;  ///< 0 for none
};

}  // namespace lamplighter::asl
