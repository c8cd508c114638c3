#include "run/accounts.h"

#include <map>

#include "aws/services/sts.h"
#include "tasks/target.h"

namespace lamplighter::run {
namespace {

Result<std::string> account_of(aws::Caller& caller, const aws::Target& target) {
  return TRY(aws::Sts(caller, target).get_caller_identity()).account;
}

}  // namespace

std::vector<Result<std::string>> accounts_of(aws::Caller& caller, const machine::Shape& shape) {
  std::map<std::string, Result<std::string>> by_role;
  std::vector<Result<std::string>> accounts;
  for (const machine::EnvironmentShape& environment : shape.environments) {
    const aws::Target target = tasks::target_of(environment.phases.front().payload);
    auto known = by_role.find(target.role_arn);
    if (known == by_role.end()) known = by_role.emplace(target.role_arn, account_of(caller, target)).first;
    accounts.push_back(known->second);
  }
  return accounts;
}

}  // namespace lamplighter::run
