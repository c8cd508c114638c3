// What an execution that has ended says of its environments: which ran, which were stopped, since when. Its
// report's last look is what counts; where that saw neither, or there is no report, nobody knows.
#pragma once

#include <vector>

#include "engine/core/records.h"
#include "hours/store.h"
#include "run/progress.h"

namespace lamplighter::run {

/// Of the environments that the execution was to work on. `progress` has been told all of its events.
std::vector<hours::Seen> seen_by(const engine::Execution& execution, const Progress& progress);

}  // namespace lamplighter::run
