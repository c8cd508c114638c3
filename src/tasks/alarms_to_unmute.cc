#include "tasks/alarms_to_unmute.h"

#include <algorithm>
#include <map>

#include "tasks/alarm_owners.h"
#include "tasks/alarm_rule.h"
#include "tasks/muted_alarms.h"

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

using ByName = std::map<std::string, aws::Alarm>;

/// Takes those of `alarms`, which are no composites, whose servers don't all run.
Status take_silent(const Context& context, const aws::Target& target, const UnmuteScope& scope,
                   ByName& alarms) {
  std::vector<aws::Alarm> metric;
  for (const auto& [name, alarm] : alarms) {
    if (alarm.rule.empty()) metric.push_back(alarm);
  }
  const auto names = names_in(scope.environments);
  const auto servers = TRY(servers_of(context, target, metric, names));
  std::map<std::string, bool> runs;
  for (const auto& server : servers) runs[server.instance.id] = server.instance.state == "running";
  const AlarmOwners owners(AlarmMatch::dimension_or_name, servers, names);
  for (const auto& alarm : metric) {
    const auto of_alarm = owners.of(alarm);
    const bool all_run = !of_alarm.empty() && std::all_of(of_alarm.begin(), of_alarm.end(),
                                                          [&](const auto& id) { return runs[id]; });
    if (!all_run) alarms.erase(alarm.name);
  }
  return {};
}

/// Takes the composites of `alarms` that ask for one of `muted`, by name or ARN, which is not among `alarms`.
void take_composites_of_silent(const ByName& muted, ByName& alarms) {
  const auto is_silent = [&](const std::string& asked) {
    const auto found = muted.find(asked);
    return found != muted.end() && alarms.count(found->second.name) == 0;
  };
  const auto asks_for_silent = [&](const auto& entry) {
    if (entry.second.rule.empty()) return false;
    const auto asked = alarms_in_rule(entry.second.rule);
    return !asked || std::any_of(asked->begin(), asked->end(), is_silent);
  };
  while (std::erase_if(alarms, asks_for_silent) > 0) {  // a composite may ask for another
  }
}

/// Keeps of `alarms` those all of whose servers run. `muted` are all that bear a mark.
Status keep_running(const Context& context, const aws::Target& target, const UnmuteScope& scope,
                    const std::vector<MutedAlarm>& muted, std::vector<aws::Alarm>& alarms) {
  ByName kept;
  for (const auto& alarm : alarms) kept.emplace(alarm.name, alarm);
  CHECK_OK(take_silent(context, target, scope, kept));
  ByName silent;
  for (const auto& [alarm, unused] : muted) {
    if (alarm.actions_enabled) continue;
    silent.emplace(alarm.name, alarm);
    silent.emplace(alarm.arn, alarm);
  }
  take_composites_of_silent(silent, kept);
  std::erase_if(alarms, [&](const auto& alarm) { return kept.count(alarm.name) == 0; });
  return {};
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
    CHECK_OK(keep_running(context, target, scope, muted, found.alarms));
  }
  return found;
}

}  // namespace lamplighter::tasks
