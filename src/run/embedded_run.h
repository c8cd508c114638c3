// A run on the embedded engine, watched until its end or Ctrl-C.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "engine/runtime/engine.h"
#include "run/observer.h"
#include "run/order.h"
#include "run/outcome.h"
#include "run/progress.h"

namespace lamplighter::run {

/// Starts the order's execution on `engine` and watches it until its report is out and its mail sent, until
/// its end, or until Ctrl-C, for which the caller holds an Interrupt.
Result<RunEnd> run_embedded(engine::Engine& engine, const RunOrder& order, Progress& progress, Observer& view,
                            const Clock& clock);

/// Watches an execution that `engine` holds, as run_embedded() does. `progress` must be subscribed to it
/// already.
Result<RunEnd> watch(engine::Engine& engine, const std::string& arn, Progress& progress, Observer& view,
                     const Clock& clock);

/// Tells `progress` all events that an execution has so far.
Status catch_up(engine::Executions& engine, const std::string& arn, Progress& progress);

/// Tells `progress` what is appended to the execution called `name` from now on.
[[nodiscard]] engine::Subscription follow(engine::Engine& engine, const std::string& name,
                                          Progress& progress);

}  // namespace lamplighter::run
