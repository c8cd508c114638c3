#include "tasks/protocol/payload.h"

#include <fmt/format.h>

#include "json/reader.h"

namespace lamplighter::tasks {
namespace {

constexpr std::int64_t kMaxTimeoutSeconds = 30LL * 24 * 3600;
constexpr std::int64_t kMaxListed = 100'000;
constexpr std::int64_t kMaxWaitSeconds = 24LL * 3600;

Result<Action> read_action(const Reader& fields) {
  const auto text = TRY(fields.text("action"));
  if (text == "start") return Action::start;
  if (text == "stop") return Action::stop;
  return fields.unexpected("action", "\"start\" or \"stop\"");
}

Result<AlarmMatch> read_alarm_match(const Reader& fields) {
  const auto text = TRY(fields.text("alarms"));
  if (text == "none") return AlarmMatch::none;
  if (text == "dimension") return AlarmMatch::dimension;
  if (text == "dimension-or-name") return AlarmMatch::dimension_or_name;
  return fields.unexpected("alarms", "\"none\", \"dimension\" or \"dimension-or-name\"");
}

Result<aws::Target> read_target(const Reader& fields) {
  aws::Target target;
  target.region = TRY(fields.nonempty_text("region"));
  target.role_arn = TRY(fields.optional_text("role"));
  return target;
}

Result<Tags> read_tags(const Reader& fields) {
  Tags tags;
  for (const auto& [key, unused] : fields.members()) tags[key] = TRY(fields.text(key));
  if (tags.empty()) return fields.unexpected("at least one tag");
  return tags;
}

Result<Selector> read_selector(const Reader& fields) {
  const auto servers = TRY(fields.object("servers"));
  Selector selector;
  selector.names = TRY(servers.optional_texts("names"));
  selector.ids = TRY(servers.optional_texts("ids"));
  if (servers.find("tags")) {
    for (const auto& tags : TRY(servers.objects("tags"))) selector.tags.push_back(TRY(read_tags(tags)));
  }
  if (selector.names.empty() && selector.ids.empty() && selector.tags.empty()) {
    return fields.unexpected("servers", "at least one of names, ids and tags");
  }
  return selector;
}

Result<Pace> read_wait(const Reader& fields) {
  const auto wait = TRY(fields.object("wait"));
  Pace bounds;
  bounds.min = static_cast<int>(TRY(wait.whole_number("min", 1, kMaxWaitSeconds)));
  bounds.max = static_cast<int>(TRY(wait.whole_number("max", bounds.min, kMaxWaitSeconds)));
  return bounds;
}

Result<ReportEnvironment> read_environment(const Reader& fields) {
  ReportEnvironment environment;
  environment.name = TRY(fields.nonempty_text("name"));
  environment.target = TRY(read_target(fields));
  for (const auto& phase : TRY(fields.objects("phases"))) {
    environment.phases.push_back({TRY(phase.nonempty_text("name")), TRY(read_selector(phase))});
  }
  return environment;
}

}  // namespace

std::string_view to_string(Action action) { return action == Action::start ? "start" : "stop"; }

Result<ReconcilePayload> read_reconcile_payload(const json::value& payload) {
  const auto fields = TRY(Reader::of(payload, "payload", kInvalidPayload));
  ReconcilePayload task;
  task.action = TRY(read_action(fields));
  task.fleet = TRY(fields.text("fleet"));
  task.environment = TRY(fields.nonempty_text("environment"));
  task.phase = TRY(fields.nonempty_text("phase"));
  task.target = TRY(read_target(fields));
  task.servers = TRY(read_selector(fields));
  if (fields.find("servers_listed")) {
    task.servers_listed = static_cast<std::size_t>(TRY(fields.whole_number("servers_listed", 0, kMaxListed)));
  }
  task.timeout = std::chrono::seconds{TRY(fields.whole_number("timeout", 1, kMaxTimeoutSeconds))};
  task.alarms = TRY(read_alarm_match(fields));
  task.wait = TRY(read_wait(fields));
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
  task.execution_name = TRY(fields.optional_text("execution_name"));
  task.started_at = TRY(fields.time("started_at"));
  for (const auto& environment : TRY(fields.objects("environments"))) {
    task.environments.push_back(TRY(read_environment(environment)));
  }
  task.results = *TRY(fields.array("results"));
  return task;
}

}  // namespace lamplighter::tasks
