// What tells people that a stop comes: a schedule's `warn`, as a schedule of its own.
#pragma once

#include <vector>

#include "fleet/fleet.h"

namespace lamplighter::fleet {

/// The warning of a schedule: it has its name, calendars and environments, and is due so much earlier. One
/// that is missed is made up for until the stop. To be asked for where the schedule has a `warn`.
Schedule warning_of(const Schedule& schedule);

/// Those of all schedules that have one.
std::vector<Schedule> warnings_of(const Fleet& fleet);

}  // namespace lamplighter::fleet
