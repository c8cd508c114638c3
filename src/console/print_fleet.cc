#include "console/print_fleet.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/duration.h"
#include "base/words.h"
#include "console/print.h"
#include "console/words.h"
#include "fleet/recipients.h"
#include "fleet/schedule_days.h"
#include "fleet/upcoming.h"
#include "schedule/time_zone.h"

namespace lamplighter::console {
namespace {

constexpr std::size_t kNext = 3;  // occurrences of a schedule

std::string describe(const tasks::Selector& servers) {
  std::vector<std::string> parts = servers.names;
  parts.insert(parts.end(), servers.ids.begin(), servers.ids.end());
  for (const tasks::Tags& tags : servers.tags) {
    std::vector<std::string> pairs;
    for (const auto& [key, value] : tags) pairs.push_back(fmt::format("{}={}", key, value));
    parts.push_back(fmt::format("tags {}", fmt::join(pairs, ", ")));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

void print_environment(const fleet::Environment& environment) {
  print_line(stdout, "");
  print_line(stdout, "{} ({}{}{}{}{})", environment.name, environment.region,
             environment.account.empty() ? "" : ", account ", environment.account,
             environment.role_arn.empty() ? "" : ", as ", environment.role_arn);
  for (const fleet::Phase& phase : environment.phases) {
    const std::string settle = phase.settle > Duration::zero()
                                   ? fmt::format(", then settles for {}", format_duration(phase.settle))
                                   : "";
    print_line(stdout, "  {}: {}", phase.name, describe(phase.servers));
    print_line(stdout, "    within {}{}", format_duration(phase.timeout), settle);
  }
}

/// " (skipped: not on holidays)".
std::string skipped(const fleet::Fleet& fleet, const fleet::Schedule& schedule, Time due) {
  const auto verdict = fleet::verdict(fleet, schedule, due);
  return !verdict || verdict->runs ? "" : fmt::format(" (skipped: {})", verdict->reason);
}

void print_next(const fleet::Fleet& fleet, const fleet::Schedule& schedule, Time now) {
  std::vector<std::string> times;
  for (const Time time : fleet::next_occurrences(schedule, now, kNext))
    times.push_back(local_time(schedule.timezone, time) + skipped(fleet, schedule, time));
  print_line(stdout, "    next {}", times.empty() ? "never" : fmt::format("{}", fmt::join(times, ", ")));
}

/// "where missed, made up for within 1h; where not started, tried again 185 times within 1h"
std::string lateness(const fleet::Schedule& schedule) {
  const std::string missed = schedule.late > Duration::zero()
                                 ? fmt::format("made up for within {}", format_duration(schedule.late))
                                 : "not made up for";
  return fmt::format("where missed, {}; where not started, tried again {} within {}", missed,
                     count_of(static_cast<std::size_t>(schedule.retry.attempts), "time"),
                     format_duration(schedule.retry.age));
}

/// ", only on workdays, except on holidays".
std::string calendars_of(const fleet::Schedule& schedule) {
  std::string text;
  if (!schedule.only.empty()) text += fmt::format(", only on {}", fmt::join(schedule.only, ", "));
  if (!schedule.except.empty()) text += fmt::format(", except on {}", fmt::join(schedule.except, ", "));
  return text;
}

/// ", warns 15m before".
std::string warns(const fleet::Schedule& schedule) {
  return schedule.warn > Duration::zero() ? fmt::format(", warns {} before", format_duration(schedule.warn))
                                          : "";
}

void print_schedule(const fleet::Fleet& fleet, const fleet::Schedule& schedule, Time now) {
  const auto& names = schedule.environments;
  print_line(stdout, "  {}: {} {} at {} in {}{}{}", schedule.name, tasks::to_string(schedule.action),
             names.empty() ? "all" : fmt::format("{}", fmt::join(names, ", ")), schedule.expression,
             schedule.timezone,
             schedule.flexible_window > Duration::zero()
                 ? fmt::format(", up to {} later", format_duration(schedule.flexible_window))
                 : "",
             calendars_of(schedule) + warns(schedule));
  print_next(fleet, schedule, now);
  print_line(stdout, "    {}", lateness(schedule));
}

/// What it holds in the next two years, in the fleet's zone.
void print_calendar(const fleet::Fleet& fleet, const fleet::Calendar& calendar, Time now) {
  const auto today = std::chrono::floor<std::chrono::days>(schedule::to_local(fleet.timezone, now));
  const schedule::DayRange within{today, today + fleet::kCalendarReach};
  const auto days = fleet::days_of(calendar, fleet.timezone, within);
  if (!days) return print_line(stdout, "  {}: {}", calendar.name, days.error().message);
  std::size_t count = 0;
  std::string last;
  for (auto day = within.first; day <= within.last; day += std::chrono::days(1)) {
    if (!days->holds(day)) continue;
    ++count;
    last = schedule::format_day(day);
  }
  print_line(stdout, "  {}: {} until {}{}{}", calendar.name, count_of(count, "day"),
             schedule::format_day(within.last), count == 0 ? "" : ", the last on ", last);
}

std::string_view describe(tasks::AlarmMatch match) {
  switch (match) {
    case tasks::AlarmMatch::none:
      return "left alone";
    case tasks::AlarmMatch::dimension:
      return "muted while their servers are stopped (by the InstanceId dimension)";
    case tasks::AlarmMatch::dimension_or_name:
      return "muted while their servers are stopped (by the InstanceId dimension or the server's name in "
             "theirs)";
  }
  return "";
}

/// After a start.
std::string when_heard(const fleet::Fleet& fleet) {
  if (fleet.alarms == tasks::AlarmMatch::none) return "";
  if (fleet.unmute_after == Duration::zero()) return "; heard at once after a start's report";
  return fmt::format("; heard after a start's report, each once it is OK, all after {}",
                     format_duration(fleet.unmute_after));
}

/// "always and warning" is what is meant where nothing is said.
std::string told_of(const fleet::Notify& one) {
  if (one.on == fleet::Notify().on) return "";
  std::vector<std::string_view> words;
  for (const auto occasion : one.on) words.push_back(fleet::to_string(occasion));
  return fmt::format(" (on {})", fmt::join(words, ", "));
}

void print_recipients(const fleet::Fleet& fleet) {
  if (fleet.notify.empty()) return print_line(stdout, "Report  to nobody (no notify)");
  const auto words = [](const fleet::Notify& one) { return fleet::words_of(one) + told_of(one); };
  if (fleet.notify.size() == 1)
    return print_line(stdout, "Report  to {}, in the time zone {}", words(fleet.notify.front()),
                      fleet.timezone);
  print_line(stdout, "Report  in the time zone {}, to", fleet.timezone);
  for (const fleet::Notify& one : fleet.notify) print_line(stdout, "        {}", words(one));
}

}  // namespace

void print_fleet(const fleet::Fleet& fleet, Time now) {
  print_line(stdout, "{}: {}, in start order", fleet.name,
             count_of(fleet.environments.size(), "environment"));
  for (const fleet::Environment& environment : fleet.environments) print_environment(environment);
  if (!fleet.calendars.empty()) print_text(stdout, "\nCalendars\n");
  for (const fleet::Calendar& calendar : fleet.calendars) print_calendar(fleet, calendar, now);
  if (!fleet.schedules.empty()) print_text(stdout, "\nSchedules\n");
  for (const fleet::Schedule& schedule : fleet.schedules) print_schedule(fleet, schedule, now);
  print_line(stdout, "");
  print_recipients(fleet);
  print_line(stdout, "Alarms  {}{}", describe(fleet.alarms), when_heard(fleet));
  if (fleet.classic.empty()) return;
  std::vector<std::string> groups = fleet.classic;
  std::replace(groups.begin(), groups.end(), std::string(), std::string("none"));
  print_line(stdout, "Classic phase numbers  {}", fmt::join(groups, ", "));
}

}  // namespace lamplighter::console
