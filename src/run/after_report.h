// What a run stays for after its report: its alarms get their voice once they are OK.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "engine/runtime/engine.h"
#include "run/progress.h"

namespace lamplighter::run {

/// "12 alarms follow by 2026-11-24 08:20:00 UTC", "1 alarm follows at once"; "" where none does, or before
/// the report.
std::string alarms_to_follow(const Progress& progress);

/// What the loop has left: "alarms that are still muted: a, b"; "" while it goes on, and where all is well.
std::string alarms_left(const Progress& progress);

/// Waits until an execution that has reported has ended, or until Ctrl-C, for which the caller holds an
/// Interrupt: then `resume`, a command, goes on with it. `tell` is told of both, and of what is left in the
/// end.
Status stay_for_alarms(engine::Engine& engine, const std::string& arn, Progress& progress,
                       const std::string& resume, const std::function<void(const std::string&)>& tell);

}  // namespace lamplighter::run
