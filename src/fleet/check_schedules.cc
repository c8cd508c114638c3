#include "fleet/check_schedules.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "fleet/schedule_days.h"
#include "schedule/time_zone.h"

namespace lamplighter::fleet {
namespace {

constexpr std::chrono::days kEndsSoon{30};
constexpr Duration kYear = std::chrono::hours{366 * 24};
constexpr std::size_t kMostOccurrences = 100'000;  // of a year, to look at

void warn_of_never(const Schedule& schedule, Time now, std::vector<std::string>& warnings) {
  if (const auto never = never_due(schedule, now))
    warnings.push_back(fmt::format("the schedule {} is never due: {}", schedule.name, never->reason));
}

bool names(const Schedule& schedule, const std::string& calendar) {
  const auto is_in = [&](const auto& list) {
    return std::find(list.begin(), list.end(), calendar) != list.end();
  };
  return is_in(schedule.except) || is_in(schedule.only);
}

void warn_of_unused(const Fleet& fleet, std::vector<std::string>& warnings) {
  for (const Calendar& calendar : fleet.calendars) {
    const bool is_used =
        std::any_of(fleet.schedules.begin(), fleet.schedules.end(),
                    [&](const Schedule& schedule) { return names(schedule, calendar.name); });
    if (!is_used) warnings.push_back(fmt::format("no schedule names the calendar {}", calendar.name));
  }
}

/// An iCalendar file that nobody has renewed, or a list that comes to its end. One whose days can't be worked
/// out is warned of with its schedules.
void warn_of_ended(const Fleet& fleet, Time now, std::vector<std::string>& warnings) {
  const auto today = std::chrono::floor<std::chrono::days>(schedule::to_local(fleet.timezone, now));
  for (const Calendar& calendar : fleet.calendars) {
    const auto days = days_of(calendar, fleet.timezone, {today, today + kCalendarReach});
    if (!days) continue;
    const auto& ranges = days->ranges();
    if (ranges.empty()) {
      warnings.push_back(fmt::format("the calendar {} has no day any more", calendar.name));
    } else if (ranges.back().last < today + kEndsSoon) {
      warnings.push_back(fmt::format("the calendar {} has no day after {}", calendar.name,
                                     schedule::format_day(ranges.back().last)));
    }
  }
}

/// What the calendars of a schedule that has some let run, in the next two years.
class Running {
 public:
  static Result<Running> of(const Fleet& fleet, const Schedule& schedule, Time now) {
    const auto today = day_of(schedule, now);
    return Running(schedule, TRY(days_of(fleet, schedule, {today, today + kCalendarReach})), now);
  }
  [[nodiscard]] bool runs(Time due) const { return days_.verdict(day_of(*schedule_, due)).runs; }
  /// Whether it is due and never runs.
  [[nodiscard]] bool never() const {
    Occurrences occurrences({schedule_}, now_);
    std::size_t count = 0;
    for (auto one = occurrences.next(); one && *one->due <= now_ + kCalendarReach && count < kMostOccurrences;
         one = occurrences.next(), ++count) {
      if (runs(*one->due)) return false;
    }
    return count > 0;
  }

 private:
  Running(const Schedule& schedule, schedule::BoundDays days, Time now)
      : schedule_(&schedule), days_(std::move(days)), now_(now) {}
  const Schedule* schedule_;
  schedule::BoundDays days_;
  Time now_;
};
using RunningOf = std::map<const Schedule*, Running>;

/// Those of the schedules that have calendars.
RunningOf running_of(const Fleet& fleet, Time now, std::vector<std::string>& warnings) {
  RunningOf found;
  for (const Schedule& schedule : fleet.schedules) {
    if (!is_bound(schedule)) continue;
    if (auto running = Running::of(fleet, schedule, now)) {
      found.emplace(&schedule, *std::move(running));
    } else {
      warnings.push_back(fmt::format("the schedule {}: {}", schedule.name, running.error().message));
    }
  }
  return found;
}

void warn_of_left_out(const RunningOf& running, Time now, std::vector<std::string>& warnings) {
  for (const auto& [schedule, one] : running) {
    if (!one.never()) continue;
    warnings.push_back(fmt::format("the schedule {} never runs until {}: its calendars leave out each time",
                                   schedule->name,
                                   schedule::format_day(day_of(*schedule, now) + kCalendarReach)));
  }
}

/// What a schedule starts and none stops would run, and cost, for ever.
void warn_of_unstopped(const Fleet& fleet, Time now, std::vector<std::string>& warnings) {
  std::set<std::string> stopped;
  for (const Schedule& schedule : fleet.schedules) {
    if (schedule.action != tasks::Action::stop || never_due(schedule, now)) continue;
    for (std::string& name : environments_of(fleet, schedule)) stopped.insert(std::move(name));
  }
  for (const Schedule& schedule : fleet.schedules) {
    if (schedule.action != tasks::Action::start || never_due(schedule, now)) continue;
    std::vector<std::string> names = environments_of(fleet, schedule);
    std::erase_if(names, [&](const std::string& name) { return !stopped.insert(name).second; });
    if (names.empty()) continue;
    warnings.push_back(fmt::format("the schedule {} starts {}, which no schedule stops", schedule.name,
                                   fmt::join(names, ", ")));
  }
}

/// The schedules that mean an environment in one minute.
struct Minute {
  std::chrono::sys_time<std::chrono::minutes> time;
  const Schedule* start = nullptr;
  const Schedule* stop = nullptr;
};

/// Environments that two schedules start and stop at once.
struct Clash {
  Minute minute;
  std::vector<std::string> environments;
};

/// When the first occurrence of such a rate is, nobody knows yet.
bool counts_from_when_it_is_read(const Schedule& schedule) {
  return schedule.expression.starts_with("rate(") && !schedule.start_date;
}

/// The first clash of each environment.
std::vector<Clash> clashes(const Fleet& fleet, const RunningOf& running, Time now) {
  std::vector<const Schedule*> schedules = schedules_of(fleet, {});
  std::erase_if(schedules, [](const Schedule* schedule) { return counts_from_when_it_is_read(*schedule); });
  std::map<std::string, Minute> minutes;
  std::vector<Clash> found;
  Occurrences occurrences(schedules, now);
  std::size_t count = 0;
  for (auto one = occurrences.next(); one && *one->due <= now + kYear && ++count <= kMostOccurrences;
       one = occurrences.next()) {
    const auto calendars = running.find(one->schedule);
    if (calendars != running.end() && !calendars->second.runs(*one->due)) continue;
    const auto time = std::chrono::floor<std::chrono::minutes>(*one->due);
    for (const std::string& name : environments_of(fleet, *one->schedule)) {
      Minute& minute = minutes[name];
      if (minute.start != nullptr && minute.stop != nullptr) continue;  // told
      if (minute.time != time) minute = {time, nullptr, nullptr};
      (one->schedule->action == tasks::Action::start ? minute.start : minute.stop) = one->schedule;
      if (minute.start == nullptr || minute.stop == nullptr) continue;
      const bool same = !found.empty() && found.back().minute.time == time &&
                        found.back().minute.start == minute.start && found.back().minute.stop == minute.stop;
      if (!same) found.push_back({minute, {}});
      found.back().environments.push_back(name);
    }
  }
  return found;
}

void warn_of_clashes(const Fleet& fleet, const RunningOf& running, Time now,
                     std::vector<std::string>& warnings) {
  for (const Clash& clash : clashes(fleet, running, now)) {
    const auto& [time, start, stop] = clash.minute;
    const auto local = schedule::to_local(start->timezone, time).time_since_epoch();
    warnings.push_back(
        fmt::format("the schedule {} starts {} at the minute at which {} stops the same: first on {:%a "
                    "%Y-%m-%d %H:%M} in {}",
                    start->name, fmt::join(clash.environments, ", "), stop->name, fmt::gmtime(local.count()),
                    start->timezone));
  }
}

}  // namespace

std::vector<std::string> check_schedules(const Fleet& fleet, Time now) {
  std::vector<std::string> warnings;
  for (const Schedule& schedule : fleet.schedules) warn_of_never(schedule, now, warnings);
  const RunningOf running = running_of(fleet, now, warnings);
  warn_of_left_out(running, now, warnings);
  warn_of_unused(fleet, warnings);
  warn_of_ended(fleet, now, warnings);
  warn_of_unstopped(fleet, now, warnings);
  warn_of_clashes(fleet, running, now, warnings);
  return warnings;
}

}  // namespace lamplighter::fleet
