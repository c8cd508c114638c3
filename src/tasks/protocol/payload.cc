#include "tasks/protocol/payload.h"

#include "json/reader.h"

namespace lamplighter::tasks {
namespace {

constexpr std::int64_t kMaxTimeoutSeconds = 30LL * 24 * 3600;
constexpr std::int64_t kMaxListed = 100'000;

/// Where servers are: members that a reconcile and a report's environments have.
template <class Placed>
void write_place(json::object& object, const Placed& placed) {
  object["region"] = placed.region;
  if (!placed.role_arn.empty()) object["role"] = placed.role_arn;
}

template <class Placed>
Status read_place(const Reader& fields, Placed& placed) {
  placed.region = TRY(fields.nonempty_text("region"));
  placed.role_arn = TRY(fields.optional_text("role"));
  return {};
}

json::object to_json(const ReportEnvironment& environment) {
  json::array phases;
  for (const auto& phase : environment.phases) {
    phases.push_back(json::object{{"name", phase.name}, {"servers", to_json(phase.servers)}});
  }
  json::object object{{"name", environment.name}, {"phases", std::move(phases)}};
  write_place(object, environment);
  return object;
}

Result<ReportEnvironment> read_environment(const Reader& fields) {
  ReportEnvironment environment;
  environment.name = TRY(fields.nonempty_text("name"));
  CHECK_OK(read_place(fields, environment));
  for (const auto& phase : TRY(fields.objects("phases"))) {
    environment.phases.push_back({TRY(phase.nonempty_text("name")), TRY(read_selector(phase))});
  }
  return environment;
}

}  // namespace

json::object to_json(const ReconcilePayload& payload) {
  json::object object{{"task", kReconcile},
                      {"action", to_string(payload.action)},
                      {"fleet", payload.fleet},
                      {"environment", payload.environment},
                      {"phase", payload.phase},
                      {"servers", to_json(payload.servers)},
                      {"servers_listed", payload.servers_listed},
                      {"timeout", std::chrono::floor<std::chrono::seconds>(payload.timeout).count()},
                      {"alarms", to_string(payload.alarms)},
                      {"wait", to_json(payload.wait)},
                      {"execution", payload.execution},
                      {"memory", payload.memory}};
  write_place(object, payload);
  return object;
}

json::object to_json(const ReportPayload& payload) {
  json::array environments;
  for (const auto& environment : payload.environments) environments.push_back(to_json(environment));
  json::object object{{"task", kReport},
                      {"action", to_string(payload.action)},
                      {"fleet", payload.fleet},
                      {"execution", payload.execution},
                      {"execution_name", payload.execution_name},
                      {"started_at", format_time(payload.started_at)},
                      {"environments", std::move(environments)},
                      {"results", payload.results},
                      {"region", payload.region}};
  if (!payload.topic.empty()) object["topic"] = payload.topic;
  return object;
}

Result<ReconcilePayload> read_reconcile_payload(const json::value& payload) {
  const auto fields = TRY(Reader::of(payload, "payload", kInvalidPayload));
  ReconcilePayload task;
  task.action = TRY(read_action(fields));
  task.fleet = TRY(fields.text("fleet"));
  task.environment = TRY(fields.nonempty_text("environment"));
  task.phase = TRY(fields.nonempty_text("phase"));
  CHECK_OK(read_place(fields, task));
  task.servers = TRY(read_selector(fields));
  if (fields.find("servers_listed")) {
    task.servers_listed = static_cast<std::size_t>(TRY(fields.whole_number("servers_listed", 0, kMaxListed)));
  }
  task.timeout = std::chrono::seconds{TRY(fields.whole_number("timeout", 1, kMaxTimeoutSeconds))};
  task.alarms = TRY(read_alarm_match(fields));
  task.wait = TRY(read_pace(fields));
  task.execution = TRY(fields.optional_text("execution"));
  if (const auto* memory = fields.find("memory")) task.memory = *memory;
  return task;
}

Result<ReportPayload> read_report_payload(const json::value& payload) {
  const auto fields = TRY(Reader::of(payload, "payload", kInvalidPayload));
  ReportPayload task;
  task.action = TRY(read_action(fields));
  task.fleet = TRY(fields.text("fleet"));
  task.topic = TRY(fields.optional_text("topic"));
  task.region = TRY(fields.nonempty_text("region"));
  task.execution = TRY(fields.optional_text("execution"));
  task.execution_name = TRY(fields.optional_text("execution_name"));
  task.started_at = TRY(fields.time("started_at"));
  for (const auto& environment : TRY(fields.objects("environments"))) {
    task.environments.push_back(TRY(read_environment(environment)));
  }
  task.results = *TRY(fields.array("results"));
  return task;
}

}  // namespace lamplighter::tasks
