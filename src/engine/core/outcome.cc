#include "engine/core/outcome.h"

#include <utility>

namespace lamplighter::engine {

ExecutionStatus status_of(const Outcome& outcome) {
  switch (outcome.type) {
    case EventType::execution_succeeded:
      return ExecutionStatus::succeeded;
    case EventType::execution_failed:
      return ExecutionStatus::failed;
    case EventType::execution_timed_out:
      return ExecutionStatus::timed_out;
    default:
      return ExecutionStatus::aborted;
  }
}

Execution describe(const Identity& identity, Time started, std::string input,
                   const std::optional<Outcome>& outcome) {
  Execution out;
  out.arn = identity.arn;
  out.name = identity.name;
  out.state_machine_arn = identity.state_machine_arn;
  out.role_arn = identity.role_arn;
  out.started = started;
  out.input = std::move(input);
  if (!outcome) return out;
  out.status = status_of(*outcome);
  out.ended = outcome->time;
  if (out.status == ExecutionStatus::succeeded) out.output = outcome->output;
  out.error = outcome->failure.error;
  out.cause = outcome->failure.cause;
  return out;
}

}  // namespace lamplighter::engine
