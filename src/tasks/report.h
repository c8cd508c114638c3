// The task `report`: looks once more at every server and says what became of the run.
#pragma once

#include "base/result.h"
#include "tasks/protocol/payload.h"
#include "tasks/protocol/report_answer.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// What the last look finds decides. Always an answer: a server, region or account that can't be looked at
/// any more costs its own rows. It fits into a payload: where it has no room for a server's row, its id is
/// kept.
ReportAnswer report(const Context& context, const ReportPayload& task);

}  // namespace lamplighter::tasks
