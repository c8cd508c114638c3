// Before a run: can AWS be reached, and does it let us look at servers?
#pragma once

#include "aws/client/caller.h"
#include "base/result.h"
#include "machine/shape.h"

namespace lamplighter::run {

/// Looks for one server of each environment. Error: the first environment's, where it fails for every one.
/// One that fails alone will halt alone.
Status preflight(aws::Caller& caller, const machine::Shape& shape);

}  // namespace lamplighter::run
