// Which alarms a run gives their voice back: what `unmute` does and what `report` counts.
#pragma once

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
  Time since{};                                    ///< what others marked later is theirs
};

/// By the marks, in the order of their names. After a start: every alarm that is marked with one of the
/// environments, whatever the fleet file says of its server. After a stop: only alarms all of whose servers
/// run. Error: aws, where the alarms, their marks or (after a stop) the servers can't be looked at.
Result<std::vector<aws::Alarm>> alarms_to_unmute(const Context& context, AlarmDesk& desk,
                                                 const aws::Target& target, const UnmuteScope& scope);

}  // namespace lamplighter::tasks
