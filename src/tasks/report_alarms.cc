#include "tasks/report_alarms.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "aws/client/limited_caller.h"
#include "tasks/alarms_to_unmute.h"
#include "tasks/muted_alarms.h"
#include "tasks/refusal.h"
#include "tasks/target.h"

namespace lamplighter::tasks {
namespace {

/// The run's own environments, by region and role.
std::map<aws::Target, std::vector<DescribedEnvironment>> places_of(const ReportPayload& task,
                                                                   const std::vector<std::string>& own) {
  std::map<aws::Target, std::vector<DescribedEnvironment>> places;
  for (const auto& environment : task.environments) {
    if (std::find(own.begin(), own.end(), environment.name) == own.end()) continue;
    places[target_of(environment)].push_back(environment);
  }
  return places;
}

void look_at_place(const Context& context, const ReportPayload& task, const aws::Target& target,
                   const std::vector<DescribedEnvironment>& environments, ReportAnswer& report) {
  AlarmDesks alone;
  AlarmDesk& desk = (context.alarms != nullptr ? *context.alarms : alone).at(target);
  const auto found = alarms_to_unmute(
      context, desk, target, {task.action, task.fleet, task.execution, environments, task.started_at});
  if (found) {
    report.alarms.follow += std::count_if(found->alarms.begin(), found->alarms.end(),
                                          [](const auto& alarm) { return !alarm.actions_enabled; });
    auto orphans = orphans_in_words(desk, task.fleet, target.region, task.environments);
    if (!orphans.empty()) report.alarms.troubles.push_back(std::move(orphans));
    return;
  }
  // Who wants no alarm touched need not permit it.
  const bool denied = refusal_of(found.error()) == Refusal::for_good;
  if (task.alarms == AlarmMatch::none && denied) return;
  report.alarms.troubles.push_back(
      fmt::format("alarms in {} could not be looked at ({})", target.region, describe(found.error())));
}

}  // namespace

void look_at_alarms(const Context& context, const ReportPayload& task, Time end, ReportAnswer& report) {
  if (task.action == Action::stop && !report.aborted()) return;
  const Clock& clock = context.clock;
  const auto places = places_of(task, report.unmutes);
  auto left = static_cast<Duration::rep>(places.size());
  for (const auto& [target, environments] : places) {
    const Duration share = (end - clock.steady()) / left--;
    aws::LimitedCaller caller(context.caller, clock, clock.steady() + share);
    const Context limited{caller, context.clock, context.again, context.lookout, context.alarms};
    look_at_place(limited, task, target, environments, report);
  }
  const bool waits = task.action == Action::start && task.unmute_after > Duration::zero();
  if (waits && report.alarms.follow > 0) report.alarms.follow_by = report.ended_at + task.unmute_after;
}

}  // namespace lamplighter::tasks
