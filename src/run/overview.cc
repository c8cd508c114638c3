#include "run/overview.h"

#include <algorithm>

#include <fmt/format.h>

#include "run/accounts.h"
#include "tasks/servers.h"
#include "tasks/target.h"

namespace lamplighter::run {
namespace {

void add_servers(aws::Session& session, const machine::PhaseShape& phase, Overview& overview) {
  aws::Ec2 ec2(session, tasks::target_of(phase.payload));
  const auto found = tasks::find_servers(ec2, phase.payload.servers);
  overview.more_servers |= !found;
  if (found) overview.servers += found->servers.size();
}

}  // namespace

Overview overview_of(aws::Session& session, const machine::Shape& shape) {
  Overview overview;
  overview.credentials = session.credentials_name();
  for (const auto& account : accounts_of(session, shape)) {
    const std::string name = account.value_or("unknown");
    auto& names = overview.accounts;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  for (const machine::EnvironmentShape& environment : shape.environments) {
    overview.environments.push_back(fmt::format("{} ({})", environment.name, environment.region));
    for (const machine::PhaseShape& phase : environment.phases) add_servers(session, phase, overview);
  }
  return overview;
}

}  // namespace lamplighter::run
