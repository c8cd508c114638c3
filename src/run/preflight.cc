#include "run/preflight.h"

#include <fmt/format.h>

#include "aws/services/ec2.h"
#include "tasks/target.h"

namespace lamplighter::run {
namespace {

/// One filter that finds some of a phase's servers.
aws::Filter any_server(const tasks::Selector& servers) {
  if (!servers.names.empty()) return {"tag:Name", {servers.names.front()}};
  if (!servers.ids.empty()) return {"instance-id", {servers.ids.front()}};
  const auto& [key, value] = *servers.tags.front().begin();
  return {"tag:" + key, {value}};
}

Status look(aws::Caller& caller, const machine::EnvironmentShape& environment) {
  aws::Ec2 ec2(caller, tasks::target_of(environment.described));
  CHECK_OK(ec2.describe_instances({any_server(environment.described.phases.front().servers)}));
  return {};
}

}  // namespace

Status preflight(aws::Caller& caller, const machine::Shape& shape) {
  Status first;
  for (std::size_t i = 0; i < shape.environments.size(); ++i) {
    const Status status = look(caller, shape.environments[i]);
    if (status) return {};
    if (i == 0) first = status;
  }
  return tl::unexpected(with_context(first.error(), "nothing was started: AWS can't be reached or refuses"));
}

}  // namespace lamplighter::run
