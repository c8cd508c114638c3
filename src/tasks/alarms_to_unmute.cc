#include "tasks/alarms_to_unmute.h"

#include <algorithm>
#include <map>

#include "tasks/alarm_owners.h"
#include "tasks/muted_alarms.h"

namespace lamplighter::tasks {
namespace {

constexpr std::string_view kInstanceDimension = "InstanceId";

bool is_of(const AlarmMark& mark, const UnmuteScope& scope) {
  const bool later = mark.since && *mark.since > scope.since;
  return mark.fleet == scope.fleet && (!later || mark.execution == execution_name(scope.execution)) &&
         std::any_of(scope.environments.begin(), scope.environments.end(),
                     [&](const auto& environment) { return environment.name == mark.environment; });
}

/// The servers that the alarms and the environments name.
Result<std::vector<Server>> servers_of(const Context& context, const aws::Target& target,
                                       const std::vector<aws::Alarm>& alarms,
                                       const std::vector<std::string>& names) {
  std::vector<std::string> ids;
  for (const auto& alarm : alarms) {
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

/// Keeps of `alarms` those all of whose servers run.
Status keep_running(const Context& context, const aws::Target& target, const UnmuteScope& scope,
                    std::vector<aws::Alarm>& alarms) {
  const auto names = names_in(scope.environments);
  const auto servers = TRY(servers_of(context, target, alarms, names));
  std::map<std::string, bool> runs;
  for (const auto& server : servers) runs[server.instance.id] = server.instance.state == "running";
  const AlarmOwners owners(AlarmMatch::dimension_or_name, servers, names);
  std::erase_if(alarms, [&](const aws::Alarm& alarm) {
    const auto of_alarm = owners.of(alarm);
    return of_alarm.empty() ||
           std::any_of(of_alarm.begin(), of_alarm.end(), [&](const auto& id) { return !runs[id]; });
  });
  return {};
}

}  // namespace

Result<std::vector<aws::Alarm>> alarms_to_unmute(const Context& context, AlarmDesk& desk,
                                                 const aws::Target& target, const UnmuteScope& scope) {
  CHECK_OK(desk.look_for_marks(context));
  std::vector<aws::Alarm> alarms;
  for (auto& [alarm, mark] : muted_alarms(desk)) {
    if (is_of(mark, scope)) alarms.push_back(std::move(alarm));
  }
  if (scope.action == Action::stop && !alarms.empty()) {
    CHECK_OK(keep_running(context, target, scope, alarms));
  }
  return alarms;
}

}  // namespace lamplighter::tasks
