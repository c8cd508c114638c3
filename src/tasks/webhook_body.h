// What a webhook is sent, in the form that its receiver reads (docs/notify.md).
#pragma once

#include <string>

#include "tasks/protocol/notify.h"

namespace lamplighter::tasks {

/// JSON, of a task with a webhook. Slack: a header and the mail's text. Teams: an Adaptive Card, as Workflows
/// post it. Text that is more than the receiver takes is cut at a line's end, and says so; what would mean
/// more to it than text is escaped.
std::string webhook_body(const NotifyPayload& task);

}  // namespace lamplighter::tasks
