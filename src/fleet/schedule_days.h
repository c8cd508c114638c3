// On which days a schedule runs, as its calendars have it.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "fleet/fleet.h"
#include "schedule/bound_days.h"
#include "tasks/protocol/occurrence.h"

namespace lamplighter::fleet {

/// How far ahead days are worked out: iCalendar's rules go on for ever.
inline constexpr std::chrono::days kCalendarReach{2 * 366};

/// The days of one calendar in a zone. Errors: as schedule::days_of, with the calendar's name.
Result<schedule::Calendar> days_of(const Calendar& calendar, const std::string& zone,
                                   schedule::DayRange within);

/// Whether calendars bind it.
bool is_bound(const Schedule& schedule);

/// What its calendars say of the days of `within`, which are days of the schedule's zone. Errors: the same.
Result<schedule::BoundDays> days_of(const Fleet& fleet, const Schedule& schedule, schedule::DayRange within);

/// The day, on the clock of the schedule's zone, on which it is due: the one that its calendars decide about,
/// also where it begins later (`flexible_window`, `late`).
std::chrono::local_days day_of(const Schedule& schedule, Time due);

/// Whether what is due then runs. Errors: as days_of.
Result<schedule::Verdict> verdict(const Fleet& fleet, const Schedule& schedule, Time due);

/// What the occurrence's execution is told of its day; nothing where no calendar binds the schedule. Errors:
/// as days_of.
Result<std::optional<tasks::OccurrenceDays>> occurrence_days(const Fleet& fleet, const Schedule& schedule,
                                                             Time due);

/// The same for the occurrences of the next two years, to the end of that month: for who can't read
/// calendars. It is the same all month.
Result<std::optional<tasks::OccurrenceDays>> days_ahead(const Fleet& fleet, const Schedule& schedule,
                                                        Time now);
/// The last day that all of the fleet's days_ahead() know; nothing where no calendar binds a schedule.
std::optional<std::chrono::local_days> known_until(const Fleet& fleet, Time now);

}  // namespace lamplighter::fleet
