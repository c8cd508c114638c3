// The task `warn`: tells people that a schedule is about to stop environments, and how to keep them.
#pragma once

#include "base/result.h"
#include "tasks/protocol/warn.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// The mail about those environments that the stop will reach: neither calendars nor overrides leave them
/// out, and a server of theirs runs. One that can't be looked at is named too. Changes nothing. Errors: those
/// of the coordination table.
Result<WarnAnswer> warn(const Context& context, const WarnPayload& task);

}  // namespace lamplighter::tasks
