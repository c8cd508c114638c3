// Telling a topic: a mail by SNS.
#pragma once

#include "tasks/protocol/notify.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// As notify(), of a task with a topic whose subject says already that it may be a repeat.
Result<Notified> notify_topic(const Context& context, const NotifyPayload& task);

}  // namespace lamplighter::tasks
