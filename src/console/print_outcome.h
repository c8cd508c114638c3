// How a run ended, printed.
#pragma once

#include "run/outcome.h"

namespace lamplighter::console {

/// Prints it: the report, or the JSON object; trouble goes to standard error. Gives the exit code.
int print(const run::Outcome& outcome, bool json);

}  // namespace lamplighter::console
