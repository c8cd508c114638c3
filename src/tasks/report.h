// The task `report`: looks once more at every server, says what became of the run, and mails it.
#pragma once

#include "base/result.h"
#include "tasks/protocol/payload.h"
#include "tasks/protocol/report_answer.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// Looks, composes and, as its last act, publishes. A server that can't be looked at any more does not keep
/// the report from being sent. Error: aws "ReportNotSent", with AWS's reason.
Result<ReportAnswer> report(const Context& context, const ReportPayload& task);

}  // namespace lamplighter::tasks
