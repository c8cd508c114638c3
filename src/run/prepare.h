// What comes before the start of an execution that a person asks for.
#pragma once

#include "aws/client/session.h"
#include "base/result.h"
#include "run/accounts.h"
#include "run/cloud_access.h"
#include "run/order.h"

namespace lamplighter::run {

/// Looks whether AWS answers and the accounts are the fleet file's, then has the order's input remember how
/// AWS is reached (run/access.h). Gives the accounts. Errors: as check_accounts() and preflight().
Result<Accounts> prepare(RunOrder& order, aws::Session& session, const AwsOptions& aws, double speed);

}  // namespace lamplighter::run
