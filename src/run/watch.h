// Watching an execution that another process carries on, or AWS.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "run/desk.h"
#include "run/observer.h"
#include "run/outcome.h"

namespace lamplighter::run {

/// Watches it until its end or Ctrl-C, for which the caller holds an Interrupt; then the trouble says how to
/// go on watching. Where whoever carries it on goes away, `place` is asked who does now. Errors: those of the
/// desk; bad_input "NotCompiled" for a machine of another's making, "NotWorkedAt" for one that runs and that
/// nobody carries on.
Result<Outcome> watch_at(const Place& place, std::unique_ptr<Desk> desk, const std::string& arn,
                         Observer& view);

/// Watches the execution called `wanted`, or the one that runs where that is "". Gives the exit code that
/// `report` gave; nullopt where nothing runs. Errors: as watch_at(); bad_input "SeveralRunning" naming them,
/// "ExecutionDoesNotExist".
Result<std::optional<int>> watch(const Place& place, const std::string& wanted,
                                 const std::function<std::unique_ptr<Observer>()>& make_observer,
                                 const Report& report);

/// The command that says `verb` about an execution there; "" for none.
std::string command_at(const Place& place, const std::string& verb, const std::string& execution);

}  // namespace lamplighter::run
