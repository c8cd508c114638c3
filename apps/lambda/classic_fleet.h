// The fleet file that stands beside the function, for classic events: they only hold a number.
#pragma once

#include "base/host.h"
#include "base/result.h"
#include "tasks/classic/classic.h"

namespace lamplighter::cli {

/// Reads LAMPLIGHTER_FLEET, or fleet.yaml in the function's folder (LAMBDA_TASK_ROOT). Without such a file no
/// phase has a number. Error: bad_input "InvalidFleet" with the file's first error.
Result<tasks::ClassicFleet> load_classic_fleet(const Host& host);

}  // namespace lamplighter::cli
