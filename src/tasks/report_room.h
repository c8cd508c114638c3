// A report within the bytes of one payload.
#pragma once

#include "tasks/protocol/payload.h"
#include "tasks/protocol/report_answer.h"

namespace lamplighter::tasks {

/// Writes the body of `report`, which lists every server, and leaves of the servers as many as there is room
/// for beside it, those with a reason first; the others are left out by id and state.
void fit(const ReportPayload& task, ReportAnswer& report, bool in_lambda = false);

}  // namespace lamplighter::tasks
