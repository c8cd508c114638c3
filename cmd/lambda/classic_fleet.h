// The fleet file that stands beside the function, for classic events: they only hold a number.
#pragma once

#include "action/classic.h"
#include "aws/host.h"
#include "base/result.h"

namespace lamplighter::cmd {

/// Reads LAMPLIGHTER_FLEET, or fleet.yaml in the function's folder (LAMBDA_TASK_ROOT). Without such a file no
/// phase has a number. Error: bad_input "InvalidFleet" with the file's first error.
Result<action::ClassicFleet> load_classic_fleet(const aws::Host& host);

}  // namespace lamplighter::cmd
