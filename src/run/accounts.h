// Which AWS account each environment of a run is in: what a fleet file's `account` is held against, and what
// a person is told before a stop.
#pragma once

#include <string>
#include <vector>

#include "aws/client/caller.h"
#include "base/result.h"
#include "fleet/fleet.h"
#include "machine/shape.h"

namespace lamplighter::run {

/// The account of each environment, in their order; a role is asked once. Errors: as
/// Sts::get_caller_identity.
std::vector<Result<std::string>> accounts_of(aws::Caller& caller, const machine::Shape& shape);

/// That each environment of `shape` is in the account that the fleet says; nothing is asked where it says
/// none. Error: bad_input "WrongAccount"; as accounts_of where an account can't be asked.
Status check_accounts(aws::Caller& caller, const fleet::Fleet& fleet, const machine::Shape& shape);

}  // namespace lamplighter::run
