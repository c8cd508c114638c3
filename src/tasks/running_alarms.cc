#include "tasks/running_alarms.h"

#include <algorithm>
#include <map>

#include "tasks/alarm_owners.h"
#include "tasks/alarm_rule.h"

namespace lamplighter::tasks {
namespace {

using ByName = std::map<std::string, aws::Alarm>;

/// Takes those of `alarms`, which are no composites, whose servers don't all run.
void take_silent(const std::vector<Server>& servers, const std::vector<std::string>& known_names,
                 OfNoServer of_no_server, ByName& alarms) {
  std::map<std::string, bool> runs;
  for (const auto& server : servers) runs[server.instance.id] = server.instance.state == "running";
  const AlarmOwners owners(AlarmMatch::dimension_or_name, servers, known_names);
  std::erase_if(alarms, [&](const auto& entry) {
    if (!entry.second.rule.empty()) return false;
    const auto of_alarm = owners.of(entry.second);
    if (of_alarm.empty()) return of_no_server == OfNoServer::taken;
    return !std::all_of(of_alarm.begin(), of_alarm.end(), [&](const auto& id) { return runs[id]; });
  });
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

}  // namespace

void keep_running(const std::vector<Server>& servers, const std::vector<std::string>& known_names,
                  OfNoServer of_no_server, const std::vector<MutedAlarm>& muted,
                  std::vector<aws::Alarm>& alarms) {
  ByName kept;
  for (const auto& alarm : alarms) kept.emplace(alarm.name, alarm);
  take_silent(servers, known_names, of_no_server, kept);
  ByName silent;
  for (const auto& [alarm, unused] : muted) {
    if (alarm.actions_enabled) continue;
    silent.emplace(alarm.name, alarm);
    silent.emplace(alarm.arn, alarm);
  }
  take_composites_of_silent(silent, kept);
  std::erase_if(alarms, [&](const auto& alarm) { return kept.count(alarm.name) == 0; });
}

}  // namespace lamplighter::tasks
