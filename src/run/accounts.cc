#include "run/accounts.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "aws/services/sts.h"
#include "tasks/target.h"

namespace lamplighter::run {
namespace {

Result<std::string> account_of(aws::Caller& caller, const aws::Target& target) {
  return TRY(aws::Sts(caller, target).get_caller_identity()).account;
}

/// What the fleet says; "" where any account will do.
std::string account_in_file(const fleet::Fleet& fleet, const std::string& environment) {
  const auto is_it = [&](const fleet::Environment& one) { return one.name == environment; };
  const auto found = std::find_if(fleet.environments.begin(), fleet.environments.end(), is_it);
  return found == fleet.environments.end() ? "" : found->account;
}

Status check(const std::string& environment, const Result<std::string>& actual, const std::string& expected,
             const std::string& as_who_says) {
  if (expected.empty()) return {};
  if (!actual) {
    return tl::unexpected(with_context(
        actual.error(), fmt::format("nothing was changed: the account of {} can't be checked", environment)));
  }
  if (*actual == expected) return {};
  return fail(ErrorKind::bad_input, "WrongAccount",
              fmt::format("nothing was changed: found account {} for {}, expected {} {}", *actual,
                          environment, expected, as_who_says));
}

}  // namespace

Accounts accounts_of(aws::Caller& caller, const machine::Shape& shape) {
  std::map<std::string, Result<std::string>> by_role;
  Accounts accounts;
  for (const machine::EnvironmentShape& environment : shape.environments) {
    const aws::Target target = tasks::target_of(environment.described);
    auto known = by_role.find(target.role_arn);
    if (known == by_role.end()) known = by_role.emplace(target.role_arn, account_of(caller, target)).first;
    accounts.push_back(known->second);
  }
  return accounts;
}

ExpectedAccounts accounts_in_file(const fleet::Fleet& fleet, const machine::Shape& shape) {
  ExpectedAccounts expected{{}, "as the fleet file says"};
  for (const auto& environment : shape.environments) {
    expected.accounts.push_back(account_in_file(fleet, environment.name()));
  }
  return expected;
}

Status check_accounts(const Accounts& actual, const ExpectedAccounts& expected, const machine::Shape& shape) {
  for (std::size_t i = 0; i < actual.size(); ++i) {
    CHECK_OK(check(shape.environments[i].name(), actual[i], expected.accounts.at(i), expected.as_who_says));
  }
  return {};
}

Status check_accounts(aws::Caller& caller, const fleet::Fleet& fleet, const machine::Shape& shape) {
  const auto expected = accounts_in_file(fleet, shape);
  const auto is_any = [](const std::string& account) { return account.empty(); };
  if (std::all_of(expected.accounts.begin(), expected.accounts.end(), is_any)) return {};
  return check_accounts(accounts_of(caller, shape), expected, shape);
}

}  // namespace lamplighter::run
