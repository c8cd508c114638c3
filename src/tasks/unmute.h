// The task `unmute`: gives the alarms of a run's environments their voice back, by the marks on them.
#pragma once

#include "tasks/protocol/unmute.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// After a start: every alarm that is marked with one of the environments, whatever the fleet file says of
/// its server, once it is OK or the bound has passed. After a stop: only alarms all of whose servers run.
/// What has no mark was disabled by a person and stays so. What goes wrong is in the answer: it never fails.
UnmuteAnswer unmute(const Context& context, const UnmutePayload& task);

}  // namespace lamplighter::tasks
