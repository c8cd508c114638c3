#include "tasks/alarms_to_unmute.h"

#include <algorithm>

#include "tasks/muted_alarms.h"
#include "tasks/running_alarms.h"

namespace lamplighter::tasks {
namespace {

constexpr std::string_view kInstanceDimension = "InstanceId";

bool is_of(const AlarmMark& mark, const UnmuteScope& scope) {
  return mark.fleet == scope.fleet &&
         std::any_of(scope.environments.begin(), scope.environments.end(),
                     [&](const auto& environment) { return environment.name == mark.environment; });
}

bool is_anothers(const AlarmMark& mark, const UnmuteScope& scope, Time now) {
  return mark.execution != marked_name(scope.execution) && is_of_later(mark, scope.began, now);
}

/// The servers that the alarms, but composites, and the environments name.
Result<std::vector<Server>> servers_of(const Context& context, const aws::Target& target,
                                       const std::vector<aws::Alarm>& alarms,
                                       const std::vector<std::string>& names) {
  std::vector<std::string> ids;
  for (const auto& alarm : alarms) {
    if (!alarm.rule.empty()) continue;
    for (const auto& [key, value] : alarm.dimensions) {
      if (key == kInstanceDimension) ids.push_back(value);
    }
  }
  aws::Ec2 ec2(context.caller, target);
  std::vector<Server> servers;
  for (const auto& filter : {aws::Filter{"instance-id", ids}, aws::Filter{"tag:Name", names}}) {
    if (filter.values.empty()) continue;
    for (auto& instance : TRY(ec2.describe_instances({filter}))) {
      if (instance.state != "terminated") servers.push_back({instance.name(), std::move(instance)});
    }
  }
  return servers;
}

}  // namespace

Result<AlarmsToUnmute> alarms_to_unmute(const Context& context, AlarmDesk& desk, const aws::Target& target,
                                        const UnmuteScope& scope) {
  CHECK_OK(desk.look_for_marks(context));
  AlarmsToUnmute found;
  const auto muted = muted_alarms(desk);
  for (const auto& [alarm, mark] : muted) {
    if (!is_of(mark, scope)) continue;
    if (!is_anothers(mark, scope, context.clock.now())) {
      found.alarms.push_back(alarm);
    } else if (!alarm.actions_enabled) {
      ++found.later[mark.execution];
    }
  }
  if (scope.action == Action::stop && !found.alarms.empty()) {
    const auto names = names_in(scope.environments);
    const auto servers = TRY(servers_of(context, target, found.alarms, names));
    keep_running(servers, names, OfNoServer::taken, muted, found.alarms);
  }
  return found;
}

}  // namespace lamplighter::tasks
