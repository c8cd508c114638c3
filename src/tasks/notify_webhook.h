// Telling a webhook: one POST, signed where the fleet has a secret for it (docs/notify.md).
#pragma once

#include "tasks/protocol/notify.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// As notify(), of a task with a webhook. Its URL is https, or http on this machine; no redirect is followed,
/// and no other word of the answer than its status and Retry-After is read. Neither URL nor secret are in an
/// answer or an error: those name where they stand.
Result<Notified> notify_webhook(const Context& context, const NotifyPayload& task);

}  // namespace lamplighter::tasks
