// Which alarms would not ring for servers that are stopped. Pure: it looks at names, dimensions, rules and
// states alone.
#pragma once

#include <string>
#include <vector>

#include "aws/services/cloudwatch.h"
#include "tasks/muted_alarms.h"
#include "tasks/servers.h"

namespace lamplighter::tasks {

/// What becomes of a metric alarm that is none of the servers'.
enum class OfNoServer { taken, kept };

/// Keeps of `alarms` those all of whose servers run, and composites that ask for nothing that stays muted.
/// `servers` are those that they may belong to, `known_names` as AlarmOwners has it; `muted` are all alarms
/// that bear a mark.
void keep_running(const std::vector<Server>& servers, const std::vector<std::string>& known_names,
                  OfNoServer of_no_server, const std::vector<MutedAlarm>& muted,
                  std::vector<aws::Alarm>& alarms);

}  // namespace lamplighter::tasks
