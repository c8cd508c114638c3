#include <fmt/format.h>

#include "api/scheduler/actions.h"
#include "base/arn.h"

namespace lamplighter::api::scheduler {
namespace {

/// The name of the group that the path's ARN is of.
Result<std::string> group_of(const Call& call) {
  constexpr std::string_view kPrefix = "schedule-group/";
  const auto arn = parse_arn(call.name);
  if (arn && arn->service == "scheduler" && arn->resource.starts_with(kPrefix)) {
    return arn->resource.substr(kPrefix.size());
  }
  return validation_error(call.name, "resourceArn", "Member must be the ARN of a schedule group");
}

}  // namespace

Answer list_tags_for_resource(const Desk& desk, const Call& call) {
  return json::object{{"Tags", tags_to_json(TRY(desk.book.get_group(TRY(group_of(call)))).tags)}};
}

Answer tag_resource(const Desk& desk, const Call& call) {
  const auto add = [&](auto& tags) { return read_tags(call.body, tags); };
  CHECK_OK(desk.book.change_tags(TRY(group_of(call)), add, desk.now));
  return json::object{};
}

Answer untag_resource(const Desk& desk, const Call& call) {
  const auto keys = all_in(call, "TagKeys");
  const auto drop = [&](auto& tags) -> Status {
    for (const std::string& key : keys) tags.erase(key);
    return {};
  };
  CHECK_OK(desk.book.change_tags(TRY(group_of(call)), drop, desk.now));
  return json::object{};
}

}  // namespace lamplighter::api::scheduler
