// The outcome of an execution that has ended, as its history keeps it.
#pragma once

#include "base/result.h"
#include "engine/runtime/engine.h"
#include "run/outcome.h"

namespace lamplighter::run {

/// Asks nobody but the history. Errors: bad_input "NotEnded"; "NotCompiled" for a machine of another's
/// making.
Result<Outcome> past_outcome(engine::Engine& engine, const engine::Execution& execution);

}  // namespace lamplighter::run
