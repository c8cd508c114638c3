#include "run/overview.h"

#include <algorithm>

#include <fmt/format.h>

#include "tasks/census.h"
#include "tasks/target.h"

namespace lamplighter::run {
namespace {

void add_servers(aws::Caller& caller, const tasks::DescribedEnvironment& environment, Overview& overview) {
  tasks::Ec2Directory directory(caller, tasks::target_of(environment));
  const auto counted = tasks::count_servers(directory, {&environment});
  overview.more_servers |= !counted;
  if (!counted) return;
  for (const auto& phase : counted->front().phases) overview.servers += phase.members.size();
}

}  // namespace

Overview overview_of(aws::Caller& caller, const std::string& credentials, const machine::Shape& shape,
                     const Accounts& environments) {
  Overview overview;
  overview.credentials = credentials;
  for (const auto& account : environments) {
    const std::string name = account.value_or(kUnknownAccount);
    auto& names = overview.accounts;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  for (const machine::EnvironmentShape& environment : shape.environments) {
    overview.environments.push_back(fmt::format("{} ({})", environment.name(), environment.region()));
    add_servers(caller, environment.described, overview);
  }
  return overview;
}

}  // namespace lamplighter::run
