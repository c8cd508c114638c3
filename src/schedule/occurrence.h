// When a schedule is due: EventBridge Scheduler's rules for cron, rate and at, in a time zone whose clock is
// set forward and back. Safe from several threads.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "schedule/expression.h"
#include "schedule/zone.h"

namespace lamplighter::schedule {

/// A schedule, as far as time goes.
struct Rule {
  Expression expression;
  std::string timezone = "UTC";  ///< an IANA name that is_time_zone() knows
  std::optional<Time> start;     ///< nothing is due before, except an `at`
  std::optional<Time> end;       ///< nothing is due after, except an `at`
  Time known_since{};            ///< from where a rate without a start counts
  Duration ahead{0};             ///< how much earlier than all that it is due
};

/// The first moment after `after` (not at it) at which the rule is due; nothing if there is none, up to the
/// year 2199 that a cron expression ends with. A local time that the zone's clock skips is not due, one that
/// comes twice is due the first time only, so every 30 minutes leaves out an hour when the clock is set back.
/// (Scheduler's user guide, "Schedule types", "Daylight savings time".)
std::optional<Time> next_occurrence(const Rule& rule, Time after);
/// The same with another clock than the system's database has for `rule.timezone`. Pure.
std::optional<Time> next_occurrence(const Rule& rule, const Zone& zone, Time after);

}  // namespace lamplighter::schedule
