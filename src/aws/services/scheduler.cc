#include "aws/services/scheduler.h"

#include <set>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "aws/client/json_answer.h"
#include "json/reader.h"

namespace lamplighter::aws {
namespace {

constexpr std::string_view kService = "scheduler";
constexpr std::size_t kMostSchedules = 100'000;

std::chrono::minutes window_in(const json::value& answer) {
  const auto* window = find(answer, "FlexibleTimeWindow");
  const auto* minutes = window == nullptr ? nullptr : find(*window, "MaximumWindowInMinutes");
  const auto count = minutes == nullptr ? std::nullopt : as_whole_number(*minutes);
  return std::chrono::minutes(count.value_or(0));
}

}  // namespace

Result<json::value> Scheduler::ask(std::string_view action, std::vector<std::string> path, Parameters query) {
  return parse_answer(action,
                      TRY(caller_.send(target_, {kService, action, std::move(path), std::move(query)})));
}

Result<std::vector<Scheduler::Name>> Scheduler::list(const std::string& group) {
  constexpr std::string_view kAction = "ListSchedules";
  std::vector<Name> names;
  std::set<std::string> tokens;
  std::string token;
  do {
    Parameters query{{"MaxResults", "100"}};
    if (!token.empty()) query.emplace_back("NextToken", token);
    if (!group.empty()) query.emplace_back("ScheduleGroup", group);
    const auto page = TRY(ask(kAction, {"schedules"}, std::move(query)));
    const auto* items = find(page, "Schedules");
    if (items == nullptr || !items->is_array())
      return invalid_answer(kAction, "the answer has no list Schedules");
    for (const auto& item : items->get_array())
      names.push_back({get_string(item, "GroupName", "default"), get_string(item, "Name")});
    token = get_string(page, "NextToken");
    if (!token.empty() && !tokens.insert(token).second)
      return invalid_answer(kAction, "a page's token leads back to one before");
    if (names.size() > kMostSchedules) return invalid_answer(kAction, "it never comes to its last page");
  } while (!token.empty());
  return names;
}

Result<Scheduler::Schedule> Scheduler::get(const Name& schedule) {
  const auto answer = TRY(ask("GetSchedule", {"schedules", schedule.name}, {{"groupName", schedule.group}}));
  Schedule out;
  out.group = schedule.group;
  out.name = schedule.name;
  out.expression = get_string(answer, "ScheduleExpression");
  out.timezone = get_string(answer, "ScheduleExpressionTimezone", "UTC");
  out.start = time_in(answer, "StartDate");
  out.end = time_in(answer, "EndDate");
  out.enabled = get_string(answer, "State") != "DISABLED";
  out.window = window_in(answer);
  if (const auto* target = find(answer, "Target")) {
    out.target_arn = get_string(*target, "Arn");
    out.role_arn = get_string(*target, "RoleArn");
    out.input = get_string(*target, "Input");
    if (const auto* queue = find(*target, "DeadLetterConfig")) out.undelivered = get_string(*queue, "Arn");
  }
  out.created = time_in(answer, "CreationDate").value_or(Time{});
  return out;
}

Status Scheduler::send(std::string_view action, std::string method, const Once& once) {
  const auto due = std::chrono::floor<std::chrono::seconds>(once.due);
  json::object target{{"Arn", once.target_arn}, {"RoleArn", once.role_arn}, {"Input", json_text(once.input)}};
  if (!once.undelivered.empty()) target["DeadLetterConfig"] = json::object{{"Arn", once.undelivered}};
  json::object body{{"GroupName", once.name.group},
                    {"ScheduleExpression",
                     fmt::format("at({:%Y-%m-%dT%H:%M:%S})", fmt::gmtime(due.time_since_epoch().count()))},
                    {"FlexibleTimeWindow", json::object{{"Mode", "OFF"}}},
                    {"ActionAfterCompletion", "DELETE"},
                    {"Target", std::move(target)}};
  RestRequest request{kService, action, {"schedules", once.name.name}};
  request.method = std::move(method);
  request.body = std::move(body);
  TRY(caller_.send(target_, request));
  return {};
}

Status Scheduler::put(const Once& once) {
  auto made = send("CreateSchedule", "POST", once);
  if (made || made.error().code != "ConflictException") return made;
  return send("UpdateSchedule", "PUT", once);
}

Result<bool> Scheduler::remove(const Name& schedule) {
  RestRequest request{
      kService, "DeleteSchedule", {"schedules", schedule.name}, {{"groupName", schedule.group}}};
  request.method = "DELETE";
  const auto removed = caller_.send(target_, request);
  if (removed) return true;
  if (removed.error().code == "ResourceNotFoundException") return false;
  return tl::unexpected(removed.error());
}

}  // namespace lamplighter::aws
