#include "fleet/check_schedules.h"

#include <fmt/format.h>

namespace lamplighter::fleet {
namespace {

/// Why a schedule is never due.
std::string reason(const Schedule& schedule, Time now) {
  schedule::Rule rule = rule_of(schedule, now);
  if (schedule.end_date && *schedule.end_date <= now)
    return fmt::format("its end_date {} has passed", format_time(*schedule.end_date));
  if (next_occurrence(rule, Time{})) return fmt::format("{} has passed", schedule.expression);
  rule.start = rule.end = std::nullopt;
  if (next_occurrence(rule, Time{})) return "nothing falls between its start_date and its end_date";
  return fmt::format("{} names a moment that does not exist in {}", schedule.expression, schedule.timezone);
}

}  // namespace

schedule::Rule rule_of(const Schedule& schedule, Time now) {
  // parse() has read the expression before.
  return {schedule::parse_expression(schedule.expression).value(), schedule.timezone, schedule.start_date,
          schedule.end_date, now};
}

std::vector<Time> next_occurrences(const Schedule& schedule, Time now, std::size_t count) {
  const schedule::Rule rule = rule_of(schedule, now);
  std::vector<Time> times;
  for (auto time = next_occurrence(rule, now); time && times.size() < count;
       time = next_occurrence(rule, *time)) {
    times.push_back(*time);
  }
  return times;
}

std::vector<std::string> check_schedules(const Fleet& fleet, Time now) {
  std::vector<std::string> warnings;
  for (const Schedule& schedule : fleet.schedules) {
    if (!next_occurrences(schedule, now, 1).empty()) continue;
    warnings.push_back(fmt::format("the schedule {} is never due: {}", schedule.name, reason(schedule, now)));
  }
  return warnings;
}

}  // namespace lamplighter::fleet
