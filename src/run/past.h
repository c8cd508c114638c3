// What an execution's history tells: its picture, and the outcome of one that has ended, or reported.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/runtime/executions.h"
#include "machine/shape.h"
#include "run/desk.h"
#include "run/observer.h"
#include "run/outcome.h"
#include "run/progress.h"

namespace lamplighter::run {

/// What it works on. Errors: bad_input "NotCompiled" for a machine of another's making; those of the
/// executions.
Result<machine::Shape> shape_of(engine::Executions& executions, const engine::Execution& execution);

/// Its picture before any of its events. Errors: as shape_of().
Result<std::unique_ptr<Progress>> progress_of(engine::Executions& executions,
                                              const engine::Execution& execution);

/// Whether its report is out, so that it only waits for its alarms. What can't be read has not reported.
bool has_reported(engine::Executions& executions, const engine::Execution& execution);

/// Replays its history, so far as it goes, before the view.
Status tell_story(engine::Executions& executions, const engine::Execution& execution, Observer& view);

/// What is left to do of an execution that has ended.
struct Halted {
  tasks::Action action = tasks::Action::start;
  std::vector<std::string> environments;
};

/// The environments that halted. Errors: as past_outcome(); bad_input "NothingHalted".
Result<Halted> halted_in(engine::Executions& executions, const engine::Execution& execution);

/// As outcome_of(), of what another process or AWS carried out. Where `place` is given, and servers are so
/// many that the history has only their ids, AWS is asked for their names.
Outcome outcome_of_others(const RunEnd& end, const Progress& progress, const Place* place);

/// Asks nobody but the history, and AWS for names as outcome_of_others(). Errors: bad_input "NotEnded"; as
/// progress_of().
Result<Outcome> past_outcome(engine::Executions& executions, const engine::Execution& execution,
                             const Place* place = nullptr);

}  // namespace lamplighter::run
