// How a run that somebody's keep refused is done all the same.
#pragma once

#include "run/command.h"
#include "run/outcome.h"

namespace lamplighter::run {

/// Says so, with the outcome's other troubles, where environments of it were refused. `command` is that of
/// the run, without environments.
void add_how_to_overrule(Outcome& outcome, Command command);

}  // namespace lamplighter::run
