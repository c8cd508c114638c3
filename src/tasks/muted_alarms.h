// The alarms that bear Lamplighter's mark, whoever's they are.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "aws/services/cloudwatch.h"
#include "tasks/alarm_desk.h"
#include "tasks/alarm_mark.h"
#include "tasks/protocol/environment.h"

namespace lamplighter::tasks {

struct MutedAlarm {
  aws::Alarm alarm;
  AlarmMark mark;
};

/// What the desk's last looks for marks saw, by name.
std::vector<MutedAlarm> muted_alarms(const AlarmDesk& desk);

/// Whether the mark is this fleet's, of an environment that is not (or no longer) among `environments`.
bool is_orphan(const AlarmMark& mark, const std::string& fleet,
               const std::vector<DescribedEnvironment>& environments);

/// Words about the orphans in one region, "" where there are none: no start gives them their voice.
std::string orphans_in_words(const AlarmDesk& desk, const std::string& fleet, const std::string& region,
                             const std::vector<DescribedEnvironment>& environments);

/// Asks a desk for something about some alarms: mute() or unmute().
using AskDesk = std::function<AlarmDesk::Work(const std::vector<aws::Alarm>& some)>;

/// Asks until all `alarms` had their turn at AWS's rates, for at most `patience`.
AlarmDesk::Work ask_patiently(const Context& context, const std::vector<aws::Alarm>& alarms,
                              Duration patience, const AskDesk& ask);

}  // namespace lamplighter::tasks
