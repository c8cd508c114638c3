// The execution of a schedule's occurrence. It is on disk at the due moment, whatever AWS does: nothing here
// asks AWS. What `lamplighter start` looks at before (does AWS answer, is it the fleet file's account) the
// state machine's survey finds out.
#pragma once

#include <string>

#include "base/result.h"
#include "engine/runtime/executions.h"
#include "fleet/fleet.h"
#include "run/cloud_access.h"
#include "scheduler/timetable.h"

namespace lamplighter::run {

/// The input's member: {"schedule": NAME, "due": MOMENT}.
inline constexpr const char* kOccurrence = "occurrence";

/// Starts the execution under the occurrence's name, which it gives. One that was started before, whatever
/// became of it, is not started again, and is no error. Errors: as make_order() and the engine's.
Result<std::string> start_occurrence(engine::Executions& executions, const AwsOptions& aws, double speed,
                                     const fleet::Fleet& fleet, const scheduler::Firing& firing);

}  // namespace lamplighter::run
