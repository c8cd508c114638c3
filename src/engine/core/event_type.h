// What can happen in an execution: every type of event, and the one table that says what is known of each.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "asl/definition.h"

namespace lamplighter::engine {

enum class EventType : std::uint8_t {
  execution_started,
  execution_succeeded,
  execution_failed,
  execution_timed_out,
  execution_aborted,
  task_state_entered,
  pass_state_entered,
  choice_state_entered,
  wait_state_entered,
  parallel_state_entered,
  map_state_entered,
  succeed_state_entered,
  fail_state_entered,
  task_state_exited,
  pass_state_exited,
  choice_state_exited,
  wait_state_exited,
  parallel_state_exited,
  map_state_exited,
  succeed_state_exited,
  task_scheduled,
  task_started,
  task_succeeded,
  task_failed,
  task_timed_out,
  lambda_function_scheduled,
  lambda_function_started,
  lambda_function_succeeded,
  lambda_function_failed,
  lambda_function_timed_out,
  task_state_aborted,
  wait_state_aborted,
  parallel_state_aborted,
  map_state_aborted,
  parallel_state_started,
  parallel_state_succeeded,
  parallel_state_failed,
  map_state_started,
  map_state_succeeded,
  map_state_failed,
  map_iteration_started,
  map_iteration_succeeded,
  map_iteration_failed,
  map_iteration_aborted,
  evaluation_failed,
  // Notes: only the engine reads them.
  wait_scheduled,
  retry_scheduled,
  children_aborted,
  branch_failed,
};

/// What an event is, whatever kind of state it is about.
enum class EventKind : std::uint8_t {
  execution_started,
  execution_ended,
  state_entered,
  state_exited,
  state_failed,    ///< a Parallel or Map state, after its branches or iterations
  state_aborted,   ///< a state that had not ended when the one around it did
  iteration,       ///< of a Map state
  attempt_failed,  ///< a task's, or an expression's: a Retry or a Catch may follow
  other,           ///< within a state
};

/// "TaskStateEntered", …: as Step Functions names it, and as the store keeps it.
std::string_view to_string(EventType type);
/// nullopt: there is no such type.
std::optional<EventType> parse_event_type(std::string_view text);

EventKind kind_of(EventType type);

/// The member that holds its details in a history ("stateEnteredEventDetails"); "" where it has none.
std::string_view details_key(EventType type);

/// The member of its details that holds what flows: "input", "output" or "parameters"; "" where nothing does.
std::string_view payload_key(EventType type);

/// The event of that kind for a kind of state; nullopt where it has none.
std::optional<EventType> event_of(EventKind kind, asl::StateType state);

}  // namespace lamplighter::engine
