#include "fleet/upcoming.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace lamplighter::fleet {
namespace {

bool has_one_of(const Schedule& schedule, const std::vector<std::string>& environments) {
  const auto& names = schedule.environments;
  return environments.empty() || names.empty() ||
         std::find_first_of(names.begin(), names.end(), environments.begin(), environments.end()) !=
             names.end();
}

/// What to say of a schedule that is not due until `until`.
Upcoming outlook_of(const Schedule& schedule, Time from) {
  if (auto never = never_due(schedule, from)) return *std::move(never);
  return {&schedule, Outlook::later, next_occurrence(rule_of(schedule, from), from), ""};
}

}  // namespace

schedule::Rule rule_of(const Schedule& schedule, Time now) {
  // parse() has read the expression before.
  return {schedule::parse_expression(schedule.expression).value(),
          schedule.timezone,
          schedule.start_date,
          schedule.end_date,
          now,
          schedule.ahead};
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

std::string_view to_string(Outlook outlook) {
  switch (outlook) {
    case Outlook::due:
      return "due";
    case Outlook::later:
      return "later";
    case Outlook::ended:
      return "ended";
    case Outlook::passed:
      return "passed";
    case Outlook::never:
      return "never";
    case Outlook::disabled:
      return "disabled";
    case Outlook::unknown:
      return "unknown";
  }
  return "";
}

Occurrences::Occurrences(std::vector<const Schedule*> schedules, Time from)
    : schedules_(std::move(schedules)) {
  for (const Schedule* schedule : schedules_) {
    rules_.push_back(rule_of(*schedule, from));
    look_on(rules_.size() - 1, from);
  }
}

void Occurrences::look_on(std::size_t schedule, Time after) {
  if (const auto due = next_occurrence(rules_[schedule], after)) due_.emplace(*due, schedule);
}

std::optional<Upcoming> Occurrences::next() {
  if (due_.empty()) return std::nullopt;
  const auto [due, schedule] = due_.top();
  due_.pop();
  look_on(schedule, due);
  return Upcoming{schedules_[schedule], Outlook::due, due, ""};
}

std::vector<std::string> environments_of(const Fleet& fleet, const Schedule& schedule) {
  if (!schedule.environments.empty()) return schedule.environments;
  std::vector<std::string> names;
  for (const Environment& environment : fleet.environments) names.push_back(environment.name);
  return names;
}

std::vector<const Schedule*> schedules_of(const Fleet& fleet, const std::vector<std::string>& environments) {
  std::vector<const Schedule*> schedules;
  for (const Schedule& schedule : fleet.schedules) {
    if (has_one_of(schedule, environments)) schedules.push_back(&schedule);
  }
  return schedules;
}

std::vector<Upcoming> upcoming(const std::vector<const Schedule*>& schedules, Time from, Time until,
                               std::size_t most) {
  std::vector<Upcoming> found;
  std::set<const Schedule*> due;
  Occurrences occurrences(schedules, from);
  for (auto one = occurrences.next(); one && *one->due <= until && found.size() < most;
       one = occurrences.next()) {
    due.insert(one->schedule);
    found.push_back(*std::move(one));
  }
  for (const Schedule* schedule : schedules) {
    if (due.contains(schedule)) continue;
    Upcoming rest = outlook_of(*schedule, from);
    if (rest.due && *rest.due <= until) rest.outlook = Outlook::due;  // there was no room for it
    found.push_back(std::move(rest));
  }
  return found;
}

std::optional<Upcoming> never_due(const Schedule& schedule, Time now) {
  schedule::Rule rule = rule_of(schedule, now);
  if (next_occurrence(rule, now)) return std::nullopt;
  const auto because = [&](Outlook outlook, std::string reason) {
    return Upcoming{&schedule, outlook, std::nullopt, std::move(reason)};
  };
  if (schedule.end_date && *schedule.end_date <= now)
    return because(Outlook::ended,
                   fmt::format("its end_date {} has passed", format_time(*schedule.end_date)));
  if (next_occurrence(rule, Time{}))
    return because(Outlook::passed, fmt::format("{} has passed", schedule.expression));
  rule.start = rule.end = std::nullopt;
  if (next_occurrence(rule, Time{}))
    return because(Outlook::never, "nothing falls between its start_date and its end_date");
  return because(Outlook::never, fmt::format("{} names a moment that does not exist in {}",
                                             schedule.expression, schedule.timezone));
}

}  // namespace lamplighter::fleet
