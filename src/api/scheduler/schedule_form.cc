#include "api/scheduler/schedule_form.h"

#include <algorithm>
#include <cstdint>
#include <set>

#include <fmt/format.h>

#include "api/scheduler/keywords.h"
#include "base/arn.h"
#include "base/limits.h"
#include "schedule/time_zone.h"

namespace lamplighter::api {
namespace {

constexpr Length kExpression{1, 256};
constexpr Length kTimezone{1, 50};
constexpr Length kDescription{0, 512};
constexpr Length kArn{1, 1600};
constexpr Length kToken{1, 64};
constexpr Range kWindow{1, 1440};
constexpr Range kAttempts{0, 185};
constexpr Range kAge{60, 86'400};
constexpr std::size_t kMostTags = 200;

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorKind::bad_input, "ValidationException", std::move(message));
}

Status require(const Parameters& parameters, std::string_view name) {
  if (parameters.has(name)) return {};
  return refuse(fmt::format(
      "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null",
      name));
}

/// What the service offers and nothing here honours.
Status refuse_unknown(const Parameters& target) {
  for (const std::string_view name : {"DeadLetterConfig", "EcsParameters", "EventBridgeParameters",
                                      "EventBridgePutEventsV2Parameters", "EventBridgePutRawEventsParameters",
                                      "KinesisParameters", "SageMakerPipelineParameters", "SqsParameters"}) {
    if (target.has(name)) {
      return refuse(fmt::format("Target.{} is not supported here: a schedule starts a state machine", name));
    }
  }
  return {};
}

Status check_target(const ScheduleTarget& target) {
  const auto arn = parse_arn(target.arn);
  if (!arn || arn->service != "states" || !arn->resource.starts_with("stateMachine:")) {
    return refuse(fmt::format("Provided Arn is not supported here: found {}, expected a state machine's",
                              target.arn.substr(0, 256)));
  }
  const auto role = parse_arn(target.role_arn);
  if (!role || role->service != "iam" || !role->resource.starts_with("role/")) {
    return validation_error(target.role_arn, "target.roleArn",
                            "Member must satisfy regular expression pattern: "
                            "arn:aws[a-z-]*:iam::\\d{12}:role\\/[\\w+=,.@\\/-]+");
  }
  if (!target.input) return {};
  if (parse_json(with_keywords(*target.input, {.schedule_arn = "arn", .execution_id = "id"}))) return {};
  return refuse("Invalid Target.Input: expected JSON, which is what a state machine takes");
}

Result<ScheduleTarget> read_target(const Parameters& parameters) {
  CHECK_OK(require(parameters, "Target"));
  const auto members = TRY(parameters.optional_object("Target"));
  CHECK_OK(refuse_unknown(*members));
  ScheduleTarget target;
  target.arn = TRY(members->text("Arn", kArn));
  target.role_arn = TRY(members->text("RoleArn", kArn));
  target.input = TRY(members->optional_text("Input", {1, limits::kPayloadBytes}));
  if (const auto retry = TRY(members->optional_object("RetryPolicy"))) {
    const auto attempts = TRY(retry->number("MaximumRetryAttempts", kAttempts));
    const auto age = TRY(retry->number("MaximumEventAgeInSeconds", kAge));
    if (attempts) target.retry.attempts = static_cast<int>(*attempts);
    if (age) target.retry.age = std::chrono::seconds(*age);
  }
  CHECK_OK(check_target(target));
  return target;
}

Result<std::chrono::minutes> read_window(const Parameters& parameters) {
  CHECK_OK(require(parameters, "FlexibleTimeWindow"));
  const auto members = TRY(parameters.optional_object("FlexibleTimeWindow"));
  CHECK_OK(require(*members, "Mode"));
  const auto mode = TRY(members->choice("Mode", {"OFF", "FLEXIBLE"}));
  const auto minutes = TRY(members->number("MaximumWindowInMinutes", kWindow));
  if ((mode == "FLEXIBLE") == minutes.has_value()) return std::chrono::minutes(minutes.value_or(0));
  return refuse(
      "Invalid FlexibleTimeWindow: MaximumWindowInMinutes goes with Mode FLEXIBLE, and only with that");
}

Status read_when(const Parameters& parameters, Schedule& schedule) {
  schedule.expression = TRY(parameters.text("ScheduleExpression", kExpression));
  if (const auto parsed = schedule::parse_expression(schedule.expression); !parsed) {
    return refuse(
        fmt::format("Invalid Schedule Expression {}: {}", schedule.expression, parsed.error().message));
  }
  schedule.timezone = TRY(parameters.optional_text("ScheduleExpressionTimezone", kTimezone)).value_or("UTC");
  if (schedule.timezone != "UTC" && !schedule::is_time_zone(schedule.timezone)) {
    return refuse(fmt::format("The time zone {} is not one that this machine knows", schedule.timezone));
  }
  schedule.start = TRY(parameters.optional_time("StartDate"));
  schedule.end = TRY(parameters.optional_time("EndDate"));
  schedule.window = TRY(read_window(parameters));
  return {};
}

}  // namespace

Status check_schedule_name(std::string_view name, std::string_view member) {
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
  };
  if (name.size() > kScheduleName.max) {
    return validation_error(name, member, "Member must have length less than or equal to 64");
  }
  if (!name.empty() && std::all_of(name.begin(), name.end(), allowed)) return {};
  return validation_error(name, member, "Member must satisfy regular expression pattern: [0-9a-zA-Z-_.]+");
}

Result<Schedule> read_schedule(const Parameters& parameters) {
  Schedule schedule;
  schedule.group = TRY(parameters.optional_text("GroupName", {0, 256})).value_or("default");
  CHECK_OK(check_schedule_name(schedule.group, "groupName"));
  CHECK_OK(read_when(parameters, schedule));
  schedule.description = TRY(parameters.optional_text("Description", kDescription)).value_or("");
  schedule.enabled = TRY(parameters.choice("State", {"ENABLED", "DISABLED"})) != "DISABLED";
  schedule.delete_after_completion =
      TRY(parameters.choice("ActionAfterCompletion", {"NONE", "DELETE"})) == "DELETE";
  if (parameters.has("KmsKeyArn")) return refuse("KmsKeyArn is not supported here");
  schedule.target = TRY(read_target(parameters));
  schedule.client_token = TRY(parameters.optional_text("ClientToken", kToken)).value_or("");
  return schedule;
}

json::object to_json(const Schedule& schedule, const Place& place) {
  json::object target{{"Arn", schedule.target.arn},
                      {"RoleArn", schedule.target.role_arn},
                      {"RetryPolicy",
                       {{"MaximumEventAgeInSeconds", schedule.target.retry.age.count()},
                        {"MaximumRetryAttempts", schedule.target.retry.attempts}}}};
  if (schedule.target.input) target["Input"] = *schedule.target.input;
  json::object window{{"Mode", schedule.window.count() > 0 ? "FLEXIBLE" : "OFF"}};
  if (schedule.window.count() > 0) window["MaximumWindowInMinutes"] = schedule.window.count();
  auto answer = summary_of(schedule, place);
  answer["ScheduleExpression"] = schedule.expression;
  answer["ScheduleExpressionTimezone"] = schedule.timezone;
  if (schedule.start) answer["StartDate"] = epoch_seconds(*schedule.start);
  if (schedule.end) answer["EndDate"] = epoch_seconds(*schedule.end);
  if (!schedule.description.empty()) answer["Description"] = schedule.description;
  answer["FlexibleTimeWindow"] = std::move(window);
  answer["Target"] = std::move(target);
  answer["ActionAfterCompletion"] = schedule.delete_after_completion ? "DELETE" : "NONE";
  return answer;
}

json::object summary_of(const Schedule& schedule, const Place& place) {
  return {{"Arn", arn_of(schedule, place)},
          {"Name", schedule.name},
          {"GroupName", schedule.group},
          {"State", schedule.enabled ? "ENABLED" : "DISABLED"},
          {"CreationDate", epoch_seconds(schedule.created)},
          {"LastModificationDate", epoch_seconds(schedule.modified)},
          {"Target", {{"Arn", schedule.target.arn}}}};
}

json::object to_json(const ScheduleGroup& group, const Place& place) {
  return {{"Arn", arn_of(group, place)},
          {"Name", group.name},
          {"State", "ACTIVE"},
          {"CreationDate", epoch_seconds(group.created)},
          {"LastModificationDate", epoch_seconds(group.modified)}};
}

std::string arn_of(const Schedule& schedule, const Place& place) {
  return arn_in(place.region, "scheduler", place.account,
                fmt::format("schedule/{}/{}", schedule.group, schedule.name))
      .text();
}

std::string arn_of(const ScheduleGroup& group, const Place& place) {
  return arn_in(place.region, "scheduler", place.account, "schedule-group/" + group.name).text();
}

json::array tags_to_json(const std::map<std::string, std::string>& tags) {
  json::array out;
  for (const auto& [key, value] : tags) out.push_back({{"Key", key}, {"Value", value}});
  return out;
}

Status read_tags(const Parameters& parameters, std::map<std::string, std::string>& tags) {
  if (!parameters.has("Tags")) return {};
  std::set<std::string> given;
  for (const Reader& tag : TRY(parameters.objects("Tags"))) {
    const auto key = TRY(tag.text("Key"));
    const auto value = TRY(tag.text("Value"));
    if (key.empty() || key.size() > 128 || value.empty() || value.size() > 256) {
      return validation_error(key, "tags",
                              "Member must have a Key of 1 to 128 and a Value of 1 to 256 characters");
    }
    if (key.starts_with("aws:"))
      return refuse("aws: prefixed tag key names are not allowed for external use");
    if (!given.insert(key).second)
      return refuse(fmt::format("found the tag key {} twice, expected it once", key));
    tags[key] = value;
  }
  if (tags.size() <= kMostTags) return {};
  return refuse(fmt::format("found {} tags, expected at most {}", tags.size(), kMostTags));
}

}  // namespace lamplighter::api
