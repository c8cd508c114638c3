#include "fleet/schedule_days.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "schedule/time_zone.h"

namespace lamplighter::fleet {
namespace {

using schedule::DayRange;

const Schedule* find_schedule(const Fleet& fleet, const std::string& name) {
  const auto found = std::find_if(fleet.schedules.begin(), fleet.schedules.end(),
                                  [&](const Schedule& schedule) { return schedule.name == name; });
  return found == fleet.schedules.end() ? nullptr : &*found;
}

}  // namespace

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
  return schedule::Calendar(std::move(ranges));
}

Result<ScheduleDays> ScheduleDays::of(const Fleet& fleet, const Schedule& schedule, DayRange within) {
  ScheduleDays days;
  for (const Calendar& calendar : fleet.calendars) {
    const auto is_named = [&](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), calendar.name) != names.end();
    };
    const bool except = is_named(schedule.except);
    const bool only = is_named(schedule.only);
    if (!except && !only) continue;
    const auto found = TRY(days_of(calendar, schedule.timezone, within));
    if (except) days.except_.emplace_back(calendar.name, found);
    if (only) days.only_.emplace_back(calendar.name, found);
  }
  return days;
}

Verdict ScheduleDays::verdict(std::chrono::local_days day) const {
  const auto holds = [&](const Named& named) { return named.second.holds(day); };
  const auto excepted = std::find_if(except_.begin(), except_.end(), holds);
  if (excepted != except_.end()) return {false, excepted->first, excepted->first};
  if (only_.empty() || std::any_of(only_.begin(), only_.end(), holds)) return {};
  std::vector<std::string> names;
  for (const Named& named : only_) names.push_back(named.first);
  return {false, names.size() == 1 ? names.front() : "", fmt::format("not in {}", fmt::join(names, ", "))};
}

std::chrono::local_days day_of(const Schedule& schedule, Time due) {
  return std::chrono::floor<std::chrono::days>(schedule::to_local(schedule.timezone, due));
}

Result<Verdict> verdict(const Fleet& fleet, const std::string& name, Time due) {
  const Schedule* schedule = find_schedule(fleet, name);
  if (schedule == nullptr) {
    return fail(ErrorKind::bad_input, "UnknownSchedule",
                fmt::format("found the schedule {}, expected one of the fleet {}", name, fleet.name));
  }
  const auto day = day_of(*schedule, due);
  return TRY(ScheduleDays::of(fleet, *schedule, {day, day})).verdict(day);
}

Result<std::optional<BoundDays>> bound_days(const Fleet& fleet, const Schedule& schedule, Time now) {
  if (schedule.except.empty() && schedule.only.empty()) return std::nullopt;
  const auto today = day_of(schedule, now);
  const DayRange within{today - std::chrono::days(1), today + kCalendarReach};
  const ScheduleDays days = TRY(ScheduleDays::of(fleet, schedule, within));
  BoundDays bound{days.has_only(), {}, schedule::format_day(within.last)};
  for (auto day = within.first; day <= within.last; day += std::chrono::days(1)) {
    if (days.verdict(day).runs == bound.only) bound.days.push_back(schedule::format_day(day));
  }
  return bound;
}

}  // namespace lamplighter::fleet
