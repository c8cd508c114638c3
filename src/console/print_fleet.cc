#include "console/print_fleet.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/duration.h"
#include "console/print.h"

namespace lamplighter::console {
namespace {

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
  print_line(stdout, "{} ({}{}{})", environment.name, environment.region,
             environment.role_arn.empty() ? "" : ", as ", environment.role_arn);
  for (const fleet::Phase& phase : environment.phases) {
    const std::string settle = phase.settle > Duration::zero()
                                   ? fmt::format(", then settles for {}", format_duration(phase.settle))
                                   : "";
    print_line(stdout, "  {}: {}", phase.name, describe(phase.servers));
    print_line(stdout, "    within {}{}", format_duration(phase.timeout), settle);
  }
}

void print_schedule(const fleet::Schedule& schedule) {
  const auto& names = schedule.environments;
  print_line(stdout, "  {}: {} {} at {} in {}{}", schedule.name, tasks::to_string(schedule.action),
             names.empty() ? "all" : fmt::format("{}", fmt::join(names, ", ")), schedule.expression,
             schedule.timezone,
             schedule.flexible_window > Duration::zero()
                 ? fmt::format(", up to {} later", format_duration(schedule.flexible_window))
                 : "");
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

}  // namespace

void print_fleet(const fleet::Fleet& fleet) {
  print_line(stdout, "{}: {} environments, in start order", fleet.name, fleet.environments.size());
  for (const fleet::Environment& environment : fleet.environments) print_environment(environment);
  if (!fleet.schedules.empty()) print_text(stdout, "\nSchedules\n");
  for (const fleet::Schedule& schedule : fleet.schedules) print_schedule(schedule);
  print_line(stdout, "");
  print_line(stdout, "Report  {}",
             fleet.notify.sns.empty() ? "to nobody (no notify)" : "to the topic " + fleet.notify.sns);
  print_line(stdout, "Alarms  {}", describe(fleet.alarms));
  if (!fleet.classic.empty()) print_line(stdout, "Classic phase numbers  {}", fmt::join(fleet.classic, ", "));
}

}  // namespace lamplighter::console
