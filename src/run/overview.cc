#include "run/overview.h"

#include <algorithm>

#include <fmt/format.h>

#include "tasks/census.h"
#include "tasks/target.h"

namespace lamplighter::run {
namespace {

void add_servers(aws::Session& session, const tasks::DescribedEnvironment& environment, Overview& overview) {
  tasks::Ec2Directory directory(session, tasks::target_of(environment));
  const auto counted = tasks::count_servers(directory, {&environment});
  overview.more_servers |= !counted;
  if (!counted) return;
  for (const auto& phase : counted->front().phases) overview.servers += phase.members.size();
}

}  // namespace

Overview overview_of(aws::Session& session, const machine::Shape& shape, const Accounts& environments) {
  Overview overview;
  overview.credentials = session.credentials_name();
  for (const auto& account : environments) {
    const std::string name = account.value_or("unknown");
    auto& names = overview.accounts;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  for (const machine::EnvironmentShape& environment : shape.environments) {
    overview.environments.push_back(fmt::format("{} ({})", environment.name(), environment.region()));
    add_servers(session, environment.described, overview);
  }
  return overview;
}

}  // namespace lamplighter::run
