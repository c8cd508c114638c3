// What a start or stop would do, printed.
#pragma once

#include <vector>

#include "machine/shape.h"
#include "run/preview.h"

namespace lamplighter::console {

void print_plan(const machine::Shape& shape, const std::vector<run::PlannedPhase>& phases);

}  // namespace lamplighter::console
