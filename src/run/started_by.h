// Who started an execution: what is recorded with it, and how people read it.
#pragma once

#include <string>

#include "engine/core/records.h"
#include "json/json.h"

namespace lamplighter::run {

/// What this process records with an execution that it starts on the command line: the user whose process it
/// is, and the machine.
json::object started_by_this_user();

/// "alice@web1", "alice@web1 (socket, process 4711)", "schedule weekday mornings", "API key AKIA…"; "" where
/// nobody knows. An execution of an API that keeps nothing of it (Step Functions) is asked by its input,
/// where `start --cloud` and the schedules leave word.
std::string starter_of(const engine::Execution& execution);

/// The member of an input in which `start --cloud` leaves word.
inline constexpr const char* kStartedBy = "started_by";

}  // namespace lamplighter::run
