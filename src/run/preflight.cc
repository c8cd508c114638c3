#include "run/preflight.h"

#include <fmt/format.h>

#include "aws/services/ec2.h"

namespace lamplighter::run {
namespace {

/// One filter that finds some of a phase's servers.
aws::Filter any_server(const json::value& servers) {
  for (const auto& [list, filter] : {std::pair{"names", "tag:Name"}, std::pair{"ids", "instance-id"}}) {
    const json::value* values = find(servers, list);
    if (values == nullptr || !values->is_array() || values->as_array().empty()) continue;
    const auto& first = values->as_array().front();
    return {filter, {std::string(std::string_view(first.as_string()))}};
  }
  const json::value* tags = find(servers, "tags");
  if (tags != nullptr && tags->is_array() && !tags->as_array().empty()) {
    for (const auto& [key, value] : tags->as_array().front().as_object()) {
      return {"tag:" + std::string(key), {std::string(std::string_view(value.as_string()))}};
    }
  }
  return {"instance-state-name", {"pending"}};
}

Status look(aws::Caller& caller, const machine::EnvironmentShape& environment) {
  const json::value& payload = environment.phases.front().payload;
  aws::Ec2 ec2(caller, {environment.region, get_string(payload, "role")});
  const json::value* servers = find(payload, "servers");
  CHECK_OK(ec2.describe_instances({any_server(servers != nullptr ? *servers : json::value())}));
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
