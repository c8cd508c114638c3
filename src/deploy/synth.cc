#include "deploy/synth.h"

#include <utility>

#include <fmt/format.h>

#include "base/plain_text.h"
#include "deploy/coordination.h"
#include "deploy/machines.h"
#include "deploy/names.h"
#include "deploy/policy.h"
#include "deploy/readme.h"
#include "json/json.h"

namespace lamplighter::deploy {
namespace {

constexpr std::size_t kMaxTemplate = 1'000'000;

/// Lets the function's role, in the stack's account, take on an environment's role.
json::object role_trust(const fleet::Fleet& fleet) {
  const auto account = Account::of_region(home_region(fleet), "ACCOUNT_ID");
  const std::string principal = account.arn("iam", "", "role/" + part_name(fleet, "function"));
  return {{"Version", "2012-10-17"},
          {"Statement", json::array{json::object{{"Effect", "Allow"},
                                                 {"Principal", json::object{{"AWS", principal}}},
                                                 {"Action", "sts:AssumeRole"}}}}};
}

}  // namespace

Result<Files> synthesize(const fleet::Fleet& given, const TemplateOptions& options) {
  const fleet::Fleet fleet = in_cloud(given);
  const auto machines = TRY(machines_of(fleet));
  Files files;
  for (const Machine& machine : machines) {
    files[fmt::format("definitions/{}.asl.json", machine.label)] = machine.definition;
  }
  for (const std::string& role : environment_roles(fleet)) {
    files[fmt::format("roles/{}.policy.json", role_file_name(role))] =
        plain_json(pretty(role_policy(fleet, role)));
    files[fmt::format("roles/{}.trust.json", role_file_name(role))] = pretty(role_trust(fleet));
  }
  std::string text = plain_json(pretty(TRY(make_template(fleet, machines, options))));
  if (text.size() > kMaxTemplate) {
    return fail(ErrorKind::bad_input, "TemplateTooLarge",
                fmt::format("the template has {} bytes, CloudFormation allows {}: make two fleet files of it",
                            text.size(), kMaxTemplate));
  }
  files["README.md"] = plain_text(readme(fleet, machines, options.now, text.size()));
  files["template.json"] = std::move(text);
  return files;
}

}  // namespace lamplighter::deploy
