// The execution of a schedule's occurrence, started as `lamplighter start` and `stop` start theirs.
#pragma once

#include <string>

#include "aws/client/session.h"
#include "base/result.h"
#include "engine/runtime/executions.h"
#include "fleet/fleet.h"
#include "run/cloud_access.h"
#include "scheduler/timetable.h"

namespace lamplighter::run {

/// The input's member: {"schedule": NAME, "due": MOMENT}.
inline constexpr const char* kOccurrence = "occurrence";

/// Holds the accounts against the fleet's, looks whether AWS answers, and starts the execution under the
/// occurrence's name, which it gives. One that was started before, whatever became of it, is not started
/// again, and is no error. Errors: as make_order(), prepare() and the engine's.
Result<std::string> start_occurrence(engine::Executions& executions, aws::Session& session,
                                     const AwsOptions& aws, double speed, const fleet::Fleet& fleet,
                                     const scheduler::Firing& firing);

}  // namespace lamplighter::run
