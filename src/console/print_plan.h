// What a start or stop would do, printed.
#pragma once

#include <string>
#include <vector>

#include "run/preview.h"

namespace lamplighter::console {

/// `command` does it.
void print_plan(const std::vector<run::PlannedPhase>& phases, const std::string& command);

}  // namespace lamplighter::console
