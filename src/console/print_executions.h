// What ran and what runs, printed.
#pragma once

#include <vector>

#include "run/desk.h"
#include "run/listed.h"

namespace lamplighter::console {

/// A table, and below it what runs and nobody carries on, with the command that does. Its status is the state
/// machine's; SKIPPED, where all of it was.
void print_executions(const std::vector<run::Listed>& listed, const run::Place& place, const run::Desk& desk);

}  // namespace lamplighter::console
