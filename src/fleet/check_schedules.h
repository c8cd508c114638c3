// What is right in a fleet file and still not meant so: schedules and the time of day.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "fleet/fleet.h"
#include "fleet/upcoming.h"

namespace lamplighter::fleet {

/// A warning for each schedule that is never due after `now`, with the reason; for environments that a
/// schedule starts and none stops; and for those that are started and stopped at the same minute of the next
/// year, with the first such moment.
std::vector<std::string> check_schedules(const Fleet& fleet, Time now);

}  // namespace lamplighter::fleet
