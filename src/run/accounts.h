// Which AWS account each environment of a run is in: what is held against a fleet file's `account`, or
// against what an execution remembers, and what a person is told before a stop.
#pragma once

#include <string>
#include <vector>

#include "aws/client/caller.h"
#include "base/result.h"
#include "fleet/fleet.h"
#include "machine/shape.h"

namespace lamplighter::run {

/// An environment's account each, in the shape's order; an error for one that can't be asked.
using Accounts = std::vector<Result<std::string>>;

/// A role is asked once. Errors: as Sts::get_caller_identity.
Accounts accounts_of(aws::Caller& caller, const machine::Shape& shape);

/// What somebody says of the accounts.
struct ExpectedAccounts {
  std::vector<std::string> accounts;  ///< in the shape's order; "" where any will do
  std::string as_who_says;            ///< "as the fleet file says"
};

ExpectedAccounts accounts_in_file(const fleet::Fleet& fleet, const machine::Shape& shape);

/// That the accounts are those. Error: bad_input "WrongAccount"; as accounts_of for one that is expected and
/// can't be asked.
Status check_accounts(const Accounts& actual, const ExpectedAccounts& expected, const machine::Shape& shape);

/// That each environment of `shape` is in the account that the fleet says; nothing is asked where it says
/// none.
Status check_accounts(aws::Caller& caller, const fleet::Fleet& fleet, const machine::Shape& shape);

}  // namespace lamplighter::run
