#include "engine/core/event_type.h"

#include <algorithm>
#include <array>

namespace lamplighter::engine {
namespace {

using asl::StateType;
using T = EventType;
using K = EventKind;
using S = StateType;

struct Row {
  EventType type;
  std::string_view text;
  EventKind kind;
  std::string_view details;  ///< the member of a history's event that holds them
  std::string_view payload;  ///< the details' member that holds what flows
  std::optional<StateType> state = std::nullopt;
};

/// In the order of the types.
constexpr auto kTable = std::to_array<Row>({
    {T::execution_started, "ExecutionStarted", K::execution_started, "executionStartedEventDetails", "input"},
    {T::execution_succeeded, "ExecutionSucceeded", K::execution_ended, "executionSucceededEventDetails",
     "output"},
    {T::execution_failed, "ExecutionFailed", K::execution_ended, "executionFailedEventDetails", ""},
    {T::execution_timed_out, "ExecutionTimedOut", K::execution_ended, "executionTimedOutEventDetails", ""},
    {T::execution_aborted, "ExecutionAborted", K::execution_ended, "executionAbortedEventDetails", ""},
    {T::task_state_entered, "TaskStateEntered", K::state_entered, "stateEnteredEventDetails", "input",
     S::task},
    {T::pass_state_entered, "PassStateEntered", K::state_entered, "stateEnteredEventDetails", "input",
     S::pass},
    {T::choice_state_entered, "ChoiceStateEntered", K::state_entered, "stateEnteredEventDetails", "input",
     S::choice},
    {T::wait_state_entered, "WaitStateEntered", K::state_entered, "stateEnteredEventDetails", "input",
     S::wait},
    {T::parallel_state_entered, "ParallelStateEntered", K::state_entered, "stateEnteredEventDetails", "input",
     S::parallel},
    {T::map_state_entered, "MapStateEntered", K::state_entered, "stateEnteredEventDetails", "input", S::map},
    {T::succeed_state_entered, "SucceedStateEntered", K::state_entered, "stateEnteredEventDetails", "input",
     S::succeed},
    {T::fail_state_entered, "FailStateEntered", K::state_entered, "stateEnteredEventDetails", "input",
     S::fail},
    {T::task_state_exited, "TaskStateExited", K::state_exited, "stateExitedEventDetails", "output", S::task},
    {T::pass_state_exited, "PassStateExited", K::state_exited, "stateExitedEventDetails", "output", S::pass},
    {T::choice_state_exited, "ChoiceStateExited", K::state_exited, "stateExitedEventDetails", "output",
     S::choice},
    {T::wait_state_exited, "WaitStateExited", K::state_exited, "stateExitedEventDetails", "output", S::wait},
    {T::parallel_state_exited, "ParallelStateExited", K::state_exited, "stateExitedEventDetails", "output",
     S::parallel},
    {T::map_state_exited, "MapStateExited", K::state_exited, "stateExitedEventDetails", "output", S::map},
    {T::succeed_state_exited, "SucceedStateExited", K::state_exited, "stateExitedEventDetails", "output",
     S::succeed},
    {T::task_scheduled, "TaskScheduled", K::other, "taskScheduledEventDetails", "parameters"},
    {T::task_started, "TaskStarted", K::other, "taskStartedEventDetails", ""},
    {T::task_succeeded, "TaskSucceeded", K::other, "taskSucceededEventDetails", "output"},
    {T::task_failed, "TaskFailed", K::attempt_failed, "taskFailedEventDetails", ""},
    {T::task_timed_out, "TaskTimedOut", K::attempt_failed, "taskTimedOutEventDetails", ""},
    {T::lambda_function_scheduled, "LambdaFunctionScheduled", K::other, "lambdaFunctionScheduledEventDetails",
     "input"},
    {T::lambda_function_started, "LambdaFunctionStarted", K::other, "", ""},
    {T::lambda_function_succeeded, "LambdaFunctionSucceeded", K::other, "lambdaFunctionSucceededEventDetails",
     "output"},
    {T::lambda_function_failed, "LambdaFunctionFailed", K::attempt_failed, "lambdaFunctionFailedEventDetails",
     ""},
    {T::lambda_function_timed_out, "LambdaFunctionTimedOut", K::attempt_failed,
     "lambdaFunctionTimedOutEventDetails", ""},
    {T::task_state_aborted, "TaskStateAborted", K::state_aborted, "", "", S::task},
    {T::wait_state_aborted, "WaitStateAborted", K::state_aborted, "", "", S::wait},
    {T::parallel_state_aborted, "ParallelStateAborted", K::state_aborted, "", "", S::parallel},
    {T::map_state_aborted, "MapStateAborted", K::state_aborted, "", "", S::map},
    {T::parallel_state_started, "ParallelStateStarted", K::other, "", ""},
    {T::parallel_state_succeeded, "ParallelStateSucceeded", K::other, "", ""},
    {T::parallel_state_failed, "ParallelStateFailed", K::state_failed, "", "", S::parallel},
    {T::map_state_started, "MapStateStarted", K::other, "mapStateStartedEventDetails", ""},
    {T::map_state_succeeded, "MapStateSucceeded", K::other, "", ""},
    {T::map_state_failed, "MapStateFailed", K::state_failed, "", "", S::map},
    {T::map_iteration_started, "MapIterationStarted", K::iteration, "mapIterationStartedEventDetails", ""},
    {T::map_iteration_succeeded, "MapIterationSucceeded", K::iteration, "mapIterationSucceededEventDetails",
     ""},
    {T::map_iteration_failed, "MapIterationFailed", K::iteration, "mapIterationFailedEventDetails", ""},
    {T::map_iteration_aborted, "MapIterationAborted", K::iteration, "mapIterationAbortedEventDetails", ""},
    {T::evaluation_failed, "EvaluationFailed", K::attempt_failed, "evaluationFailedEventDetails", ""},
    {T::wait_scheduled, "WaitScheduled", K::other, "", ""},
    {T::retry_scheduled, "RetryScheduled", K::other, "", ""},
    {T::children_aborted, "ChildrenAborted", K::other, "", ""},
    {T::branch_failed, "BranchFailed", K::other, "", ""},
});

constexpr std::size_t kKinds = static_cast<std::size_t>(EventKind::other) + 1;
constexpr std::size_t kStates = static_cast<std::size_t>(StateType::fail) + 1;
using OfStates = std::array<std::array<std::optional<EventType>, kStates>, kKinds>;

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable.at(i).type) != i) return false;
  }
  return kTable.back().type == EventType::branch_failed;
}
static_assert(is_in_order(), "a row for each type, in their order");

constexpr OfStates by_state() {
  OfStates out{};
  for (const Row& row : kTable) {
    if (row.state)
      out.at(static_cast<std::size_t>(row.kind)).at(static_cast<std::size_t>(*row.state)) = row.type;
  }
  return out;
}
constexpr OfStates kOfStates = by_state();

const Row& row_of(EventType type) { return kTable[static_cast<std::size_t>(type)]; }

}  // namespace

std::string_view to_string(EventType type) { return row_of(type).text; }

std::optional<EventType> parse_event_type(std::string_view text) {
  const auto* found =
      std::find_if(kTable.begin(), kTable.end(), [&](const Row& row) { return row.text == text; });
  return found == kTable.end() ? std::nullopt : std::optional(found->type);
}

EventKind kind_of(EventType type) { return row_of(type).kind; }

std::string_view details_key(EventType type) { return row_of(type).details; }

std::string_view payload_key(EventType type) { return row_of(type).payload; }

std::optional<EventType> event_of(EventKind kind, StateType state) {
  return kOfStates[static_cast<std::size_t>(kind)][static_cast<std::size_t>(state)];
}

}  // namespace lamplighter::engine
