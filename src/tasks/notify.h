// The task `notify`: mails a report.
#pragma once

#include "base/result.h"
#include "tasks/protocol/notify.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// Sends one mail, never two of its own accord. Where an earlier task, or the process that ran this one and
/// died, may have sent it, subject and body say that it may be a repeat. What is refused for good and what
/// nobody can know are answers. Error: aws "ReportNotSent" where nothing was sent, and another try may pass.
Result<Notified> notify(const Context& context, const NotifyPayload& task);

}  // namespace lamplighter::tasks
