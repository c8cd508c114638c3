// lamplighter policy: the IAM policy that a fleet takes, and no more.
#include "deploy/policy.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/print.h"
#include "deploy/names.h"
#include "fleet/load.h"
#include "json/json.h"

namespace lamplighter::cli {
namespace {

struct PolicyVerb {
  FleetOptions fleet;
  std::string account = "*";
  std::string role;
};

bool is_account(const std::string& text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return text == "*" || (text.size() == 12 && std::all_of(text.begin(), text.end(), is_digit));
}

Result<json::object> policy(const PolicyVerb& verb) {
  const fleet::Fleet fleet = TRY(fleet::load(verb.fleet.file, verb.fleet.region));
  if (!is_account(verb.account)) {
    return fail(ErrorKind::bad_input, "Usage",
                fmt::format("found --account {}, expected an account's 12 digits, or *", verb.account));
  }
  if (verb.role.empty()) {
    return deploy::function_policy(fleet,
                                   deploy::Account::of_region(deploy::home_region(fleet), verb.account));
  }
  const auto roles = deploy::environment_roles(fleet);
  if (std::find(roles.begin(), roles.end(), verb.role) != roles.end()) {
    return deploy::role_policy(fleet, verb.role);
  }
  return fail(ErrorKind::bad_input, "UnknownRole",
              fmt::format("found the role {}, expected one that an environment names: {}", verb.role,
                          roles.empty() ? "there is none" : fmt::format("{}", fmt::join(roles, ", "))));
}

Status print_policy(const PolicyVerb& verb) {
  console::print_json(TRY(policy(verb)));
  return {};
}

}  // namespace

void add_policy(CommandLine& line) {
  Verb verb = line.verb("policy", "Print the IAM policy that the fleet takes, and no more");
  auto options = std::make_shared<PolicyVerb>();
  add_fleet_options(verb, options->fleet);
  verb.option("--account", options->account, "The account id to put into the ARNs; * for any")
      .shows_default();
  verb.option("--role", options->role, "Print what this role, named by an environment, must allow");
  verb.footer(
      "Examples:\n"
      "  lamplighter policy -f fleet.yaml\n"
      "  lamplighter policy -f fleet.yaml --role arn:aws:iam::123456789012:role/Lamplighter");
  verb.runs([options] { return print_policy(*options); });
}

}  // namespace lamplighter::cli
