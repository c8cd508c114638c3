#include "tasks/protocol/payload.h"

#include "json/reader.h"

namespace lamplighter::tasks {
namespace {

constexpr std::int64_t kMaxRoom = 1'000'000;
constexpr std::int64_t kMaxLooks = 1'000'000;
constexpr std::int64_t kMaxPause = 3600;
constexpr std::int64_t kMaxUnmuteAfter = 7LL * 24 * 3600;
constexpr std::int64_t kMaxSettle = 7LL * 24 * 3600;
constexpr std::int64_t kMaxPassed = 365LL * 24 * 3600;

}  // namespace

json::object to_json(const ReconcilePayload& payload) {
  json::object object{{"task", kReconcile},
                      {"action", to_string(payload.action)},
                      {"fleet", payload.fleet},
                      {"environment", payload.environment},
                      {"phase", payload.phase},
                      {"region", payload.region},
                      {"members", to_json(payload.members)},
                      {"room", payload.room},
                      {"since", format_time(payload.since)},
                      {"passed", payload.passed},
                      {"timeout", std::chrono::floor<std::chrono::seconds>(payload.timeout).count()},
                      {"looks", payload.looks},
                      {"pause", payload.pause},
                      {"alarms", to_string(payload.alarms)},
                      {"coordination", to_json(payload.coordination)},
                      {"lease", to_json(payload.lease)},
                      {"execution", payload.execution},
                      {"memory", payload.memory}};
  if (payload.settle > 0) object["settle"] = payload.settle;
  if (!payload.role_arn.empty()) object["role"] = payload.role_arn;
  if (!payload.known_names.empty()) object["known_names"] = json::value_from(payload.known_names);
  if (!payload.chosen.empty()) object["chosen"] = json::value_from(payload.chosen);
  if (payload.began) object["began"] = format_time(*payload.began);
  return object;
}

json::object to_json(const ReportPayload& payload) {
  return {{"task", kReport},
          {"action", to_string(payload.action)},
          {"fleet", payload.fleet},
          {"execution", payload.execution},
          {"execution_name", payload.execution_name},
          {"timezone", payload.timezone},
          {"started_at", format_time(payload.started_at)},
          {"environments", to_json(payload.environments)},
          {"alarms", to_string(payload.alarms)},
          {"unmute_after", std::chrono::floor<std::chrono::seconds>(payload.unmute_after).count()},
          {"ran", json::value_from(payload.ran)},
          {"coordination", to_json(payload.coordination)},
          {"warnings", json::value_from(payload.warnings)},
          {"survey_error", payload.survey_error},
          {"results", payload.results}};
}

Result<ReconcilePayload> read_reconcile_payload(const json::value& payload) {
  const auto fields = TRY(Reader::of(payload, "payload", kInvalidPayload));
  ReconcilePayload task;
  task.action = TRY(read_action(fields));
  task.fleet = TRY(fields.text("fleet"));
  task.environment = TRY(fields.nonempty_text("environment"));
  task.phase = TRY(fields.nonempty_text("phase"));
  task.region = TRY(fields.nonempty_text("region"));
  task.role_arn = TRY(fields.optional_text("role"));
  task.members = TRY(read_membership(TRY(fields.object("members"))));
  task.room = static_cast<std::size_t>(TRY(fields.whole_number("room", 0, kMaxRoom)));
  task.since = TRY(fields.time("since"));
  task.passed = static_cast<int>(TRY(fields.whole_number("passed", 0, kMaxPassed)));
  task.timeout = TRY(read_timeout(fields));
  task.looks = static_cast<int>(TRY(fields.whole_number("looks", 1, kMaxLooks)));
  task.pause = static_cast<int>(TRY(fields.whole_number("pause", 1, kMaxPause)));
  task.alarms = TRY(read_alarm_match(fields));
  task.known_names = TRY(fields.optional_texts("known_names"));
  task.chosen = TRY(fields.optional_texts("chosen"));
  task.coordination = TRY(read_coordination(fields));
  task.lease = TRY(read_branch_lease(fields));
  task.settle = static_cast<int>(TRY(fields.optional_count("settle", kMaxSettle)));
  task.execution = TRY(fields.optional_text("execution"));
  task.began = TRY(fields.optional_time("began"));
  if (const auto* memory = fields.find("memory")) task.memory = *memory;
  return task;
}

Result<ReportPayload> read_report_payload(const json::value& payload) {
  const auto fields = TRY(Reader::of(payload, "payload", kInvalidPayload));
  ReportPayload task;
  task.action = TRY(read_action(fields));
  task.fleet = TRY(fields.text("fleet"));
  task.execution = TRY(fields.optional_text("execution"));
  task.execution_name = TRY(fields.optional_text("execution_name"));
  task.timezone = TRY(fields.optional_text("timezone"));
  task.started_at = TRY(fields.time("started_at"));
  task.environments = TRY(read_environments(fields));
  if (fields.find("alarms") != nullptr) task.alarms = TRY(read_alarm_match(fields));
  task.unmute_after = std::chrono::seconds(TRY(fields.optional_count("unmute_after", kMaxUnmuteAfter)));
  task.ran = TRY(fields.optional_texts("ran"));
  task.coordination = TRY(read_coordination(fields));
  task.warnings = TRY(fields.optional_texts("warnings"));
  task.survey_error = TRY(fields.optional_text("survey_error"));
  task.results = *TRY(fields.array("results"));
  return task;
}

}  // namespace lamplighter::tasks
