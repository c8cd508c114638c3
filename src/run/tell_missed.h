// Telling people what the daemon missed: an execution of a small machine of the fleet's, so that nothing
// waits for a receiver, and a crash loses no message.
#pragma once

#include <vector>

#include "base/result.h"
#include "engine/runtime/executions.h"
#include "fleet/fleet.h"
#include "json/json.h"
#include "scheduler/timetable.h"

namespace lamplighter::run {

/// Starts it where somebody is told of `missed`: the same missed occurrences are told once, whoever asks
/// again. Of schedules of the fleet. Errors: as machine::compile_missed and the engine's.
Status tell_missed(engine::Executions& executions, const fleet::Fleet& fleet,
                   const std::vector<scheduler::Missed>& missed);

/// The message: {subject, body, occurrences}.
json::object missed_message(const fleet::Fleet& fleet, const std::vector<scheduler::Missed>& missed);

}  // namespace lamplighter::run
