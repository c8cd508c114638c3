// The task `notify`: tells one recipient of a report, or of what else people want to know.
#pragma once

#include "base/result.h"
#include "tasks/protocol/notify.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// Sends one message, never two of its own accord. Where an earlier task, or the process that ran this one
/// and died, may have sent it, the message says that it may be a repeat. What is refused for good and what
/// nobody can know are answers. Errors: aws kNotSent, and of webhooks kBusyBriefly and kBusy, where nothing
/// was sent, and another try may pass.
Result<Notified> notify(const Context& context, const NotifyPayload& task);

/// "START STATUS: SUCCESS (may be a repeat) - lower-environments": beginning and end stay what filters know.
std::string marked_as_repeat(std::string subject);

}  // namespace lamplighter::tasks
