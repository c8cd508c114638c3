#include "api/scheduler/actions.h"

namespace lamplighter::api::scheduler {
namespace {

Result<Schedule> read(const Desk& desk, const Call& call) {
  CHECK_OK(check_schedule_name(call.name, "name"));
  Schedule schedule = TRY(read_schedule(call.body));
  schedule.name = call.name;
  CHECK_OK(desk.check_target(schedule.target));
  return schedule;
}

Result<std::string> group_of(const Call& call) {
  const auto group = TRY(name_in(call, "groupName"));
  return group.empty() ? "default" : group;
}

}  // namespace

Answer create_schedule(const Desk& desk, const Call& call) {
  const auto made = TRY(desk.book.create(TRY(read(desk, call)), desk.now));
  return json::object{{"ScheduleArn", arn_of(made, desk.book.place())}};
}

Answer update_schedule(const Desk& desk, const Call& call) {
  const auto changed = TRY(desk.book.update(TRY(read(desk, call)), desk.now));
  return json::object{{"ScheduleArn", arn_of(changed, desk.book.place())}};
}

Answer get_schedule(const Desk& desk, const Call& call) {
  const auto found = TRY(desk.book.get(TRY(group_of(call)), call.name));
  return to_json(found, desk.book.place());
}

Answer delete_schedule(const Desk& desk, const Call& call) {
  CHECK_OK(desk.book.remove(TRY(group_of(call)), call.name));
  return json::object{};
}

Answer list_schedules(const Desk& desk, const Call& call) {
  ListSchedules wanted;
  wanted.group = TRY(name_in(call, "ScheduleGroup"));
  wanted.prefix = TRY(name_in(call, "NamePrefix"));
  wanted.max = TRY(page_size(call));
  wanted.after = TRY(next_token(call));
  if (const auto states = all_in(call, "State"); !states.empty()) {
    if (states.front() != "ENABLED" && states.front() != "DISABLED") {
      return validation_error(states.front(), "state",
                              "Member must satisfy enum value set: [ENABLED, DISABLED]");
    }
    wanted.enabled = states.front() == "ENABLED";
  }
  const auto page = TRY(desk.book.list(wanted));
  json::array schedules;
  for (const Schedule& schedule : page.items) schedules.push_back(summary_of(schedule, desk.book.place()));
  json::object answer{{"Schedules", std::move(schedules)}};
  if (!page.next.empty()) answer["NextToken"] = page.next;
  return answer;
}

}  // namespace lamplighter::api::scheduler
