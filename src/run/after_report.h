// What a run stays for after its report: its alarms get their voice once they are OK.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "engine/runtime/engine.h"
#include "run/progress.h"

namespace lamplighter::run {

/// "12 alarms follow by 2026-11-24 08:20:00 UTC", "1 alarm follows at once"; "" where none does, or before
/// the report. Those are meant that the loop has left, once it has looked.
std::string alarms_to_follow(const Progress& progress);

/// What the loop has left that should not stay so: "alarms that are still muted: a, b"; "" while it goes on,
/// and where all is well.
std::string alarms_left(const Progress& progress);

/// "5 alarms stay muted for stop-20261124-200000-x7, which began later"; "" as above.
std::string alarms_of_later(const Progress& progress);

/// How an execution that has reported is waited for.
struct AfterReport {
  std::string resume;  ///< the command that goes on with it
  std::string unmute;  ///< what gives those that are left their voice: a command, or words
  std::function<void(const std::string&)> tell;
  bool reported_before = false;  ///< by an earlier process: what is left counts, else what was just reported
};

/// Waits until it has ended, or until Ctrl-C, for which the caller holds an Interrupt. Tells of both, and of
/// what is left in the end: then gives ExitCode::no_aws, else ExitCode::success.
Result<int> stay_for_alarms(engine::Engine& engine, const std::string& arn, Progress& progress,
                            const AfterReport& after);

}  // namespace lamplighter::run
