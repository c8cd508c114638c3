// What a report says of the alarms that the run has yet to give their voice.
#pragma once

#include "tasks/protocol/payload.h"
#include "tasks/protocol/report_answer.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// Counts those that the unmute loop will find, names orphans, and says where alarms can't be looked at; all
/// by `end`, by Clock::steady(). Changes nothing. `report` has its environments (and its own), and its end. A
/// stop that has stopped everything has no such alarms.
void look_at_alarms(const Context& context, const ReportPayload& task, Time end, ReportAnswer& report);

}  // namespace lamplighter::tasks
