// lamplighter policy: the IAM policy that a fleet takes, and no more.
#include "deploy/policy.h"

#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/report_error.h"
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

Result<json::object> policy(const PolicyVerb& verb) {
  const fleet::Fleet fleet = TRY(fleet::load(verb.fleet.file, verb.fleet.region));
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

int run(const PolicyVerb& verb) {
  const auto document = policy(verb);
  if (!document) return console::report_error(document.error());
  fmt::print("{}", pretty(*document));
  return run::ExitCode::success;
}

}  // namespace

void add_policy(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand("policy", "Print the IAM policy that the fleet takes, and no more");
  auto options = std::make_shared<PolicyVerb>();
  add_fleet_options(*verb, options->fleet);
  verb->add_option("--account", options->account, "The account id to put into the ARNs; * for any")
      ->capture_default_str();
  verb->add_option("--role", options->role, "Print what this role, named by an environment, must allow");
  verb->footer(
      "Examples:\n"
      "  lamplighter policy -f fleet.yaml\n"
      "  lamplighter policy -f fleet.yaml --role arn:aws:iam::123456789012:role/Lamplighter");
  verb->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace lamplighter::cli
