#include "fleet/schedule_days.h"

#include <algorithm>

#include <fmt/format.h>

#include "schedule/time_zone.h"

namespace lamplighter::fleet {
namespace {

using schedule::DayRange;

Result<std::optional<tasks::OccurrenceDays>> told(const Fleet& fleet, const Schedule& schedule,
                                                  DayRange within) {
  if (!is_bound(schedule)) return std::nullopt;
  auto days = TRY(days_of(fleet, schedule, within));
  return tasks::OccurrenceDays{schedule.timezone, std::move(days)};
}

/// The month in which the day lies.
DayRange month_of(std::chrono::local_days day) {
  const std::chrono::year_month_day date(day);
  const auto month = date.year() / date.month();
  return {std::chrono::local_days(month / 1), std::chrono::local_days(month / std::chrono::last)};
}

/// The last of the days that are told ahead.
std::chrono::local_days reach_of(const Schedule& schedule, Time now) {
  return month_of(day_of(schedule, now) + kCalendarReach).last;
}

}  // namespace

bool is_bound(const Schedule& schedule) { return !schedule.except.empty() || !schedule.only.empty(); }

Result<schedule::Calendar> days_of(const Calendar& calendar, const std::string& zone, DayRange within) {
  std::vector<DayRange> ranges = calendar.dates;
  if (calendar.ical) {
    const auto days = schedule::days_of(*calendar.ical, *schedule::time_zone(zone), within);
    if (!days) {
      return tl::unexpected(with_context(
          days.error(), fmt::format("{} of the calendar {}", calendar.ical_file, calendar.name)));
    }
    ranges.insert(ranges.end(), days->ranges().begin(), days->ranges().end());
  }
  return schedule::Calendar(std::move(ranges)).within(within);
}

Result<schedule::BoundDays> days_of(const Fleet& fleet, const Schedule& schedule, DayRange within) {
  schedule::BoundDays days{{}, {}, within.last};
  for (const Calendar& calendar : fleet.calendars) {
    const auto is_named = [&](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), calendar.name) != names.end();
    };
    const bool except = is_named(schedule.except);
    const bool only = is_named(schedule.only);
    if (!except && !only) continue;
    const auto found = TRY(days_of(calendar, schedule.timezone, within));
    if (except) days.except.push_back({calendar.name, found});
    if (only) days.only.push_back({calendar.name, found});
  }
  return days;
}

std::chrono::local_days day_of(const Schedule& schedule, Time due) {
  return std::chrono::floor<std::chrono::days>(schedule::to_local(schedule.timezone, due));
}

Result<schedule::Verdict> verdict(const Fleet& fleet, const Schedule& schedule, Time due) {
  const auto day = day_of(schedule, due);
  return TRY(days_of(fleet, schedule, {day, day})).verdict(day);
}

Result<std::optional<tasks::OccurrenceDays>> occurrence_days(const Fleet& fleet, const Schedule& schedule,
                                                             Time due) {
  const auto day = day_of(schedule, due);
  return told(fleet, schedule, {day, day});
}

/// What was due yesterday may begin today.
Result<std::optional<tasks::OccurrenceDays>> days_ahead(const Fleet& fleet, const Schedule& schedule,
                                                        Time now) {
  const auto yesterday = day_of(schedule, now) - std::chrono::days(1);
  return told(fleet, schedule, {month_of(yesterday).first, reach_of(schedule, now)});
}

std::optional<std::chrono::local_days> known_until(const Fleet& fleet, Time now) {
  std::optional<std::chrono::local_days> until;
  for (const Schedule& schedule : fleet.schedules) {
    if (!is_bound(schedule)) continue;
    const auto reach = reach_of(schedule, now);
    until = until ? std::min(*until, reach) : reach;
  }
  return until;
}

}  // namespace lamplighter::fleet
