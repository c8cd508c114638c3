#include "run/prepare.h"

#include "run/access.h"
#include "run/preflight.h"

namespace lamplighter::run {

Result<Accounts> prepare(RunOrder& order, aws::Session& session, const AwsOptions& aws, double speed) {
  CHECK_OK(check_accounts(session, order.fleet, order.shape));
  CHECK_OK(preflight(session, order.shape));
  Accounts accounts = accounts_of(session, order.shape);
  order.input[kAccess] = to_json(access_of(aws, speed, SystemHost(), order.shape, accounts));
  return accounts;
}

}  // namespace lamplighter::run
