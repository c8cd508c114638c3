// What became of an execution that halted: whether it was retried.
#pragma once

#include "base/result.h"
#include "engine/runtime/executions.h"

namespace lamplighter::run {

struct Place;  // run/desk.h

/// The member of an input that names the execution which this one retries.
inline constexpr const char* kRetries = "retries";

/// That nobody retried it yet. Error: bad_input "RetriedAlready" naming by which execution; the executions'.
Status check_not_retried(engine::Executions& executions, const Place& place, const engine::Execution& halted);

}  // namespace lamplighter::run
