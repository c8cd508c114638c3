#include "console/print_upcoming.h"

#include <algorithm>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/duration.h"
#include "console/print.h"
#include "console/words.h"
#include "schedule/time_zone.h"

namespace lamplighter::console {
namespace {

using fleet::Outlook;
using fleet::Upcoming;

/// "Fri 2026-11-27 06:00 America/New_York (11:00 UTC)"; UTC's day where it is another.
std::string due_text(const std::string& zone, Time due) {
  const std::string local = local_time(zone, due);
  const std::string utc = local_time("UTC", due);
  if (local == utc) return fmt::format("{} {}", local, zone);
  constexpr std::size_t kDay = std::string_view("Fri 2026-11-27 ").size();
  const bool same_day = local.compare(0, kDay, utc, 0, kDay) == 0;
  return fmt::format("{} {} ({} UTC)", local, zone, same_day ? utc.substr(kDay) : utc);
}

struct Row {
  std::string due, schedule, action, environments;
};

Row to_row(const Upcoming& one) {
  const fleet::Schedule& schedule = *one.schedule;
  const auto& names = schedule.environments;
  const std::string window = schedule.flexible_window > Duration::zero()
                                 ? fmt::format(", up to {} later", format_duration(schedule.flexible_window))
                                 : "";
  return {due_text(schedule.timezone, *one.due), schedule.name,
          std::string(tasks::to_string(schedule.action)),
          (names.empty() ? "all" : fmt::format("{}", fmt::join(names, ", "))) + window};
}

void print_table(const std::vector<Row>& rows) {
  std::size_t due = 0;
  std::size_t schedule = 0;
  for (const Row& row : rows) {
    due = std::max(due, row.due.size());
    schedule = std::max(schedule, row.schedule.size());
  }
  for (const Row& row : rows) {
    print_line(stdout, "{:<{}}  {:<{}}  {:<6}  {}", row.due, due, row.schedule, schedule, row.action,
               row.environments);
  }
}

/// "next on …", "never: …", "ended: …".
std::string why_not(const Upcoming& one) {
  if (one.due) return "next on " + due_text(one.schedule->timezone, *one.due);
  return fmt::format("{}: {}", to_string(one.outlook), one.reason);
}

json::object to_json(const fleet::Fleet& fleet, const Upcoming& one) {
  const fleet::Schedule& schedule = *one.schedule;
  json::object made{{"schedule", schedule.name},
                    {"action", json::string(tasks::to_string(schedule.action))},
                    {"environments", json::value_from(environments_of(fleet, schedule))},
                    {"outlook", json::string(to_string(one.outlook))},
                    {"reason", one.reason},
                    {"due", nullptr},
                    {"begins_by", nullptr},
                    {"local", nullptr},
                    {"timezone", schedule.timezone}};
  if (!one.due) return made;
  const auto local = schedule::to_local(schedule.timezone, *one.due).time_since_epoch();
  made["due"] = format_time(*one.due);
  made["begins_by"] = format_time(*one.due + schedule.flexible_window);
  made["local"] = fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(local.count()));
  return made;
}

}  // namespace

void print_upcoming(const fleet::Fleet& fleet, const std::vector<Upcoming>& upcoming) {
  if (fleet.schedules.empty()) print_line(stdout, "{} has no schedules.", fleet.name);
  const auto others = std::find_if(upcoming.begin(), upcoming.end(),
                                   [](const Upcoming& one) { return one.outlook != Outlook::due; });
  if (others != upcoming.begin()) {
    std::vector<Row> rows{{"DUE", "SCHEDULE", "ACTION", "ENVIRONMENTS"}};
    std::transform(upcoming.begin(), others, std::back_inserter(rows), to_row);
    print_table(rows);
    if (others != upcoming.end()) print_line(stdout, "");
  }
  for (auto one = others; one != upcoming.end(); ++one)
    print_line(stdout, "{} is not due in this time; {}", one->schedule->name, why_not(*one));
}

json::array to_json(const fleet::Fleet& fleet, const std::vector<Upcoming>& upcoming) {
  json::array rows;
  for (const Upcoming& one : upcoming) rows.push_back(to_json(fleet, one));
  return rows;
}

}  // namespace lamplighter::console
