// Which AWS account each environment of a run is in: what a person is told before a stop.
#pragma once

#include <string>
#include <vector>

#include "aws/client/caller.h"
#include "base/result.h"
#include "machine/shape.h"

namespace lamplighter::run {

/// The account of each environment, in their order; a role is asked once. Errors: as
/// Sts::get_caller_identity.
std::vector<Result<std::string>> accounts_of(aws::Caller& caller, const machine::Shape& shape);

}  // namespace lamplighter::run
