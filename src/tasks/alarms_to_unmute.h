// Which alarms a run gives their voice back: what `unmute` does and what `report` counts.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "aws/services/cloudwatch.h"
#include "base/result.h"
#include "tasks/alarm_desk.h"
#include "tasks/protocol/action.h"
#include "tasks/protocol/environment.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// A run, as its alarms know it.
struct UnmuteScope {
  Action action = Action::start;
  std::string fleet;
  std::string execution;                           ///< name or ARN
  std::vector<DescribedEnvironment> environments;  ///< that ran, of one region and role
  Time began{};                                    ///< the run; what later ones muted is theirs
};

struct AlarmsToUnmute {
  std::vector<aws::Alarm> alarms;    ///< by name
  std::map<std::string, int> later;  ///< how many stay muted for each later execution
};

/// By the marks. After a start: every alarm that is marked with one of the
/// environments, whatever the fleet file says of its server. After a stop: only alarms all of whose servers
/// run, and composites that ask for nothing that stays muted. Error: aws, where the alarms, their marks or
/// (after a stop) the servers can't be looked at.
Result<AlarmsToUnmute> alarms_to_unmute(const Context& context, AlarmDesk& desk, const aws::Target& target,
                                        const UnmuteScope& scope);

}  // namespace lamplighter::tasks
