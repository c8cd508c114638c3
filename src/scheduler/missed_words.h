// What was missed of a schedule, in words.
#pragma once

#include <string>

#include "fleet/fleet.h"
#include "scheduler/timetable.h"

namespace lamplighter::scheduler {

/// "2026-11-27 20:00:00 Europe/Berlin", on the clock of the schedule's zone.
std::string local_words(const fleet::Schedule& schedule, Time time);

/// "3 occurrences missed, due 2026-11-25 … until 2026-11-27 …: older than it may be to be made up for, 1h".
std::string words_of(const Missed& missed, const fleet::Schedule& schedule);

}  // namespace lamplighter::scheduler
