// What ran and what runs, printed.
#pragma once

#include <vector>

#include "run/desk.h"

namespace lamplighter::console {

/// A table, and below it what runs and nobody carries on, with the command that does.
void print_executions(const std::vector<engine::Execution>& executions, const run::Place& place,
                      const run::Desk& desk);

}  // namespace lamplighter::console
