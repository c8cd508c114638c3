// How the events that an execution may have are shared out: what the machine's shape takes anyhow, and the
// looks that are left for each phase. survey and validate must say the same, so it stands here.
#pragma once

#include <algorithm>

#include "base/limits.h"
#include "tasks/protocol/notify.h"
#include "tasks/protocol/pace.h"

namespace lamplighter::tasks {

// A Task has five events (entered, scheduled, started, succeeded, exited), a Choice, a Pass and a Wait two; a
// retry adds three.
inline constexpr long kTaskEvents = 5;
inline constexpr long kStateEvents = 2;
inline constexpr long kRetryEvents = 3;
/// A look: the Task, the Choice, and the Wait that follows.
inline constexpr long kLookEvents = kTaskEvents + 2 * kStateEvents;

/// The looks of the unmute loop.
inline constexpr int kUnmuteLooks = 16;
/// How often survey is asked again while no place answers.
inline constexpr int kSurveyRetries = 16;
/// Once: the Fleet's Pass, the Parallel, the report's Pass, the last Choice and its end; survey (until
/// AWS answers), report and notify (twice), with some retries; the unmute loop.
inline constexpr long kExecutionEvents = 108 + kSurveyRetries * kRetryEvents + kUnmuteLooks * kLookEvents;
static_assert(kExecutionEvents == 300);
/// Of admit: an environment that another execution has takes more of them, and its phases fewer.
inline constexpr int kAdmitLooks = 2;
/// An environment's branch: its first Choice, the looks of admit, its last Pass.
inline constexpr long kEnvironmentEvents = kStateEvents + kAdmitLooks * kLookEvents + kStateEvents;
/// A phase, besides its looks: the Wait to settle, and a Pass.
inline constexpr long kPhaseEvents = 2 * kStateEvents;

/// A branch that is skipped: its Choice and a Pass.
inline constexpr long kSkippedEvents = 2 * kStateEvents;

/// A recipient of the report besides the first: its Task with all retries, and a topic's second one.
inline constexpr long kRecipientEvents = 2 * (kTaskEvents + 3 * kRetryEvents);
static_assert(kTaskEvents + (3 + kBusyBrieflyRetries + kBusyRetries) * kRetryEvents <= kRecipientEvents);

/// The events that are left for the looks of all phases; negative where the rest alone is too much.
constexpr long events_left(int environments, int phases, int skipped = 0, int recipients = 1) {
  return limits::kHistoryEvents - kExecutionEvents - environments * kEnvironmentEvents -
         phases * kPhaseEvents - skipped * kSkippedEvents - std::max(recipients - 1, 0) * kRecipientEvents;
}

/// The looks that each of `phases` phases may take where `events` are left for all of them, at most
/// kMostLooks. Fewer than kFewestLooks: they do not fit into one execution.
constexpr int looks_for(long events, int phases) {
  if (phases <= 0) return kMostLooks;
  return static_cast<int>(std::clamp(events / phases / kLookEvents, 0L, static_cast<long>(kMostLooks)));
}

}  // namespace lamplighter::tasks
