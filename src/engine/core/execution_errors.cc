// What happens when a state fails: its Retry, its Catch, and what becomes of the states around it.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/random.h"
#include "base/utf8.h"
#include "engine/core/execution.h"
#include "engine/core/execution_limits.h"

namespace lamplighter::engine {
void ExecutionCore::fail_evaluation(Strand& strand, const EvaluationFailure& why, bool catchable) {
  const std::string cause = mend_utf8(
      fmt::format("An error occurred while executing the state '{}' (entered at the event id #{}). {}",
                  strand.state->name, strand.entered_id, why.message));
  const Failure failure{"States.QueryEvaluationError", cause};
  // The service lets the event follow the one before the state's entry while nothing else has happened in it.
  const auto previous = strand.previous == strand.entered_id ? strand.entered_previous : strand.previous;
  emit(strand.id, "EvaluationFailed",
       {{"error", *failure.error},
        {"cause", cause},
        {"location", why.location},
        {"state", strand.state->name}},
       {}, {}, previous);
  if (catchable) return fail_state(strand, failure);
  propagate(strand.id, failure);
}

Failure ExecutionCore::size_failure(const Strand& strand) {
  return {"States.DataLimitExceeded", fmt::format("The state/task '{}' returned a result with a size "
                                                  "exceeding the maximum number of bytes service limit.",
                                                  strand.state->name)};
}

Failure ExecutionCore::depth_failure(const Strand& strand) {
  return {"States.DataLimitExceeded",
          fmt::format("The state/task '{}' returned a result that nests deeper than {} levels.",
                      strand.state->name, kMaxPayloadDepth)};
}

void ExecutionCore::fail_size(Strand& strand) { fail_state(strand, size_failure(strand)); }

void ExecutionCore::fail_state(Strand& strand, const Failure& failure) {
  if (retry(strand, failure)) return;
  const StrandId id = strand.id;
  if (is_group(*strand.state)) {
    abort_children(id, std::nullopt);
    emit(id, fmt::format("{}StateFailed", asl::to_string(strand.state->type)), {});
  }
  if (!handle(strand, failure)) propagate(id, failure);
}

/// The first Retry entry that matches decides.
bool ExecutionCore::retry(const Strand& strand, const Failure& failure) {
  const auto& retriers = strand.state->retry;
  const auto found = std::find_if(retriers.begin(), retriers.end(), [&](const asl::Retrier& retrier) {
    return matches(retrier.error_equals, failure.error.value_or(""));
  });
  if (found == retriers.end()) return false;
  const auto index = static_cast<std::size_t>(found - retriers.begin());
  const auto attempt = strand.attempts[index];
  if (attempt >= found->max_attempts) return false;
  abort_children(strand.id, std::nullopt);
  const Time due = now_.steady + retry_delay(strand, *found, attempt);
  note(strand.id, "RetryScheduled", {{"retrier", index}, {"due", due.time_since_epoch().count()}});
  return true;
}

Duration ExecutionCore::retry_delay(const Strand& strand, const asl::Retrier& retrier,
                                    std::int64_t attempt) const {
  double seconds = static_cast<double>(retrier.interval_seconds) *
                   std::pow(retrier.backoff_rate, static_cast<double>(std::min<std::int64_t>(attempt, 1000)));
  const double bound =
      retrier.max_delay_seconds > 0 ? static_cast<double>(retrier.max_delay_seconds) : 31'622'400.0;
  seconds = std::min(seconds, bound);
  if (retrier.full_jitter) {
    Random random(identity_.seed + static_cast<std::uint64_t>(strand.entered_id) * 1'000'003 +
                  static_cast<std::uint64_t>(strand.retry_count));
    seconds *= random.uniform();
  }
  return Duration{static_cast<std::int64_t>(std::llround(seconds * 1000))};
}

void ExecutionCore::try_again(Strand& strand) {
  if (strand.state->type == asl::StateType::task) return run_task(strand);
  if (strand.state->type == asl::StateType::parallel) return run_parallel(strand);
  run_map(strand);
}

/// The first Catch entry that matches takes over; false where none does.
bool ExecutionCore::handle(Strand& strand, const Failure& failure) {
  for (const auto& catcher : strand.state->catchers) {
    if (!matches(catcher.error_equals, failure.error.value_or(""))) continue;
    const auto error = make_payload(to_json(failure, "Error", "Cause"));
    leave(strand, catcher.output, catcher.assign, strand.states->find(catcher.next), error, nullptr,
          &error->value);
    return true;
  }
  return false;
}

/// An unhandled failure ends the execution, or fails the Parallel or Map state around it.
void ExecutionCore::propagate(StrandId id, const Failure& failure) {
  if (id == 0) return emit(0, "ExecutionFailed", to_json(failure, "error", "cause"));
  Strand& failed = strand(id);
  Strand& parent = strand(failed.parent);
  if (parent.state->type == asl::StateType::map) return fail_iteration(failed, failure);
  const auto last = failed.previous;
  abort_children(parent.id, id);
  note(parent.id, "BranchFailed", {{"previous", last}});
  fail_state(parent, failure);
}

}  // namespace lamplighter::engine
