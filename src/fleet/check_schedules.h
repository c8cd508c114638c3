// What is right in a fleet file and still not meant so: schedules, the time of day, and calendars.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "fleet/fleet.h"
#include "fleet/upcoming.h"

namespace lamplighter::fleet {

/// A warning for each schedule that is never due after `now`, with the reason, or that its calendars let
/// never run in the next two years; for a calendar that no schedule names, and one that has no day after the
/// next 30; for environments that a schedule
/// starts and none stops; and for those that are started and stopped at the same minute of the next year,
/// with the first such moment.
std::vector<std::string> check_schedules(const Fleet& fleet, Time now);

}  // namespace lamplighter::fleet
