// What is right in a fleet file and still not meant so: schedules and the time of day.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "fleet/fleet.h"
#include "schedule/occurrence.h"

namespace lamplighter::fleet {

/// When the schedule is due, counted from `now`.
schedule::Rule rule_of(const Schedule& schedule, Time now);

/// The schedule's next occurrences after `now`, at most `count`.
std::vector<Time> next_occurrences(const Schedule& schedule, Time now, std::size_t count);

/// A warning for each schedule that is never due after `now`, with the reason as far as it is known.
std::vector<std::string> check_schedules(const Fleet& fleet, Time now);

}  // namespace lamplighter::fleet
