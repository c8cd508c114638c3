// The task `report`: looks once more at every server, says what became of the run, and mails it.
#pragma once

#include "action/payload.h"
#include "action/task.h"
#include "base/json.h"
#include "base/result.h"

namespace lamplighter::action {

/// Looks, composes and, as its last act, publishes. A server that can't be looked at any more does not keep
/// the report from being sent. Error: aws "ReportNotSent", with AWS's reason.
Result<json::value> report(const Context& context, const ReportPayload& task);

}  // namespace lamplighter::action
