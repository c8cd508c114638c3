// What happens when a state fails: its Retry, its Catch, and what becomes of the states around it.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/random.h"
#include "base/utf8.h"
#include "engine/core/state_context.h"
#include "engine/core/states/kind.h"

namespace lamplighter::engine {
namespace {

Duration retry_delay(std::uint64_t seed, const Strand& strand, const asl::Retrier& retrier,
                     std::int64_t attempt) {
  double seconds = static_cast<double>(retrier.interval_seconds) *
                   std::pow(retrier.backoff_rate, static_cast<double>(std::min<std::int64_t>(attempt, 1000)));
  const double bound =
      retrier.max_delay_seconds > 0 ? static_cast<double>(retrier.max_delay_seconds) : 31'622'400.0;
  seconds = std::min(seconds, bound);
  if (retrier.full_jitter) {
    Random random(seed + static_cast<std::uint64_t>(strand.entered_id) * 1'000'003 +
                  static_cast<std::uint64_t>(strand.retry_count));
    seconds *= random.uniform();
  }
  return Duration{static_cast<std::int64_t>(std::llround(seconds * 1000))};
}

}  // namespace

Failure size_failure(const Strand& strand) {
  return {"States.DataLimitExceeded", fmt::format("The state/task '{}' returned a result with a size "
                                                  "exceeding the maximum number of bytes service limit.",
                                                  strand.state->name)};
}

Failure depth_failure(const Strand& strand) {
  return {"States.DataLimitExceeded",
          fmt::format("The state/task '{}' returned a result that nests deeper than {} levels.",
                      strand.state->name, kMaxPayloadDepth)};
}

void StateContext::fail(const Strand& strand, const Failure& failure) {
  if (retry(strand, failure)) return;
  const StrandId id = strand.id;
  kind_of(strand).abandon(*this, strand);
  if (const auto failed = event_of(EventKind::state_failed, strand.state->type)) append(id, *failed);
  if (!handle(strand, failure)) propagate(id, failure);
}

void StateContext::fail(const Strand& strand, const EvaluationFailure& why) {
  fail(strand, tell(strand, why));
}

/// Appends EvaluationFailed.
Failure StateContext::tell(const Strand& strand, const EvaluationFailure& why) {
  Failure failure{"States.QueryEvaluationError",
                  mend_utf8(fmt::format(
                      "An error occurred while executing the state '{}' (entered at the event id #{}). {}",
                      strand.state->name, strand.entered_id, why.message))};
  // The service lets the event follow the one before the state's entry while nothing else has happened in it.
  const auto previous = strand.previous == strand.entered_id ? strand.entered_previous : strand.previous;
  append(strand.id, EventType::evaluation_failed,
         {{"error", *failure.error},
          {"cause", *failure.cause},
          {"location", why.location},
          {"state", strand.state->name}},
         {.previous = previous});
  return failure;
}

/// The first Retry entry that matches decides.
bool StateContext::retry(const Strand& strand, const Failure& failure) {
  const auto& retriers = strand.state->retry;
  const auto found = std::find_if(retriers.begin(), retriers.end(), [&](const asl::Retrier& retrier) {
    return matches(retrier.error_equals, failure.error.value_or(""));
  });
  if (found == retriers.end()) return false;
  const auto index = static_cast<std::size_t>(found - retriers.begin());
  const auto attempt = strand.attempts[index];
  if (attempt >= found->max_attempts) return false;
  kind_of(strand).abandon(*this, strand);
  const Time due = now_.steady + retry_delay(identity_.seed, strand, *found, attempt);
  note(strand.id, EventType::retry_scheduled, {{"retrier", index}, {"due", due.time_since_epoch().count()}});
  return true;
}

/// The first Catch entry that matches takes over; false where none does.
bool StateContext::handle(const Strand& strand, const Failure& failure) {
  for (const auto& catcher : strand.state->catchers) {
    if (!matches(catcher.error_equals, failure.error.value_or(""))) continue;
    const auto error = make_payload(to_json(failure, "Error", "Cause"));
    leave(strand,
          {catcher.output, catcher.assign, strand.states->find(catcher.next), error, nullptr, &error->value});
    return true;
  }
  return false;
}

/// An unhandled failure ends the execution, or fails the branch or iteration.
void StateContext::propagate(StrandId id, const Failure& failure) {
  if (id == 0) return append(0, EventType::execution_failed, to_json(failure, "error", "cause"));
  kind_of(strand(strand(id).parent)).child_failed(*this, id, failure);
}

}  // namespace lamplighter::engine
