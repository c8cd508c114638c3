#include "api/scheduler/actions.h"

namespace lamplighter::api::scheduler {

Answer create_schedule_group(const Desk& desk, const Call& call) {
  CHECK_OK(check_schedule_name(call.name, "name"));
  ScheduleGroup group;
  group.name = call.name;
  group.client_token = TRY(call.body.optional_text("ClientToken", kScheduleName)).value_or("");
  CHECK_OK(read_tags(call.body, group.tags));
  const auto made = TRY(desk.book.create_group(std::move(group), desk.now));
  return json::object{{"ScheduleGroupArn", arn_of(made, desk.book.place())}};
}

Answer get_schedule_group(const Desk& desk, const Call& call) {
  return to_json(TRY(desk.book.get_group(call.name)), desk.book.place());
}

Answer delete_schedule_group(const Desk& desk, const Call& call) {
  CHECK_OK(desk.book.remove_group(call.name, desk.now));
  return json::object{};
}

Answer list_schedule_groups(const Desk& desk, const Call& call) {
  const auto prefix = TRY(name_in(call, "NamePrefix"));
  const auto token = TRY(next_token(call));
  if (!token.empty()) CHECK_OK(check_schedule_name(token, "nextToken"));
  const auto page = desk.book.list_groups(prefix, TRY(page_size(call)), token);
  json::array groups;
  for (const ScheduleGroup& group : page.items) groups.push_back(to_json(group, desk.book.place()));
  json::object answer{{"ScheduleGroups", std::move(groups)}};
  if (!page.next.empty()) answer["NextToken"] = page.next;
  return answer;
}

}  // namespace lamplighter::api::scheduler
