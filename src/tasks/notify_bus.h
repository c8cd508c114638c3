// Telling an EventBridge bus: an event a change of an environment (docs/notify.md).
#pragma once

#include <vector>

#include "aws/services/eventbridge.h"
#include "tasks/protocol/notify.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// As notify(), of a task with a bus.
Result<Notified> notify_bus(const Context& context, const NotifyPayload& task);

/// The task's facts as events: one for each of its `environments`, by how it ended, or for each of its missed
/// `occurrences`. What is not told apart stands in all of them.
std::vector<aws::BusEvent> events_of(const NotifyPayload& task);

}  // namespace lamplighter::tasks
