#include "tasks/report.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "aws/services/sns.h"
#include "tasks/look.h"
#include "tasks/protocol/phase_answer.h"
#include "tasks/reconcile.h"
#include "tasks/refusal.h"
#include "tasks/report_text.h"
#include "tasks/target.h"

namespace lamplighter::tasks {
namespace {

constexpr std::size_t kAnswerBytes = 240'000;  // AWS Step Functions takes 262,144
constexpr std::size_t kLeastBodyBytes = 20'000;

/// What the branches ended with is read as it is, however little it may hold: the report must go out.
const json::value* find_named(const json::array& list, std::string_view key, const std::string& name) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const auto& item) { return get_string(item, key) == name; });
  return found == list.end() ? nullptr : &*found;
}

const json::array& list_of(const json::value& value, std::string_view key) {
  static const json::array none;
  const auto* member = find(value, key);
  return member && member->is_array() ? member->get_array() : none;
}

std::optional<Time> time_of(const json::value& value, std::string_view key) {
  const auto time = parse_time(get_string(value, key));
  return time ? std::optional(*time) : std::nullopt;
}

/// What the run knew of the servers of one phase, by id.
using Story = std::map<std::string, ServerAnswer>;

Story story_of(const json::value& result) {
  Story story;
  if (const auto* states = find(result, "initial_states"); states && states->is_object()) {
    for (const auto& [state, ids] : states->get_object()) {
      for (const auto& id : list_of(*states, state)) {
        if (id.is_string()) story[std::string(id.get_string())].initial_state = state;
      }
    }
  }
  for (const auto& server : list_of(result, "servers")) {
    auto& known = story[get_string(server, "id")];
    known.name = get_string(server, "name");
    known.initial_state = get_string(server, "initial_state");
    known.state = get_string(server, "state");
    known.reason = get_string(server, "reason");
  }
  story.erase("");
  return story;
}

/// One phase's part of the report.
class PhaseReport {
 public:
  PhaseReport(Action action, const ReportedPhase& phase, Story story)
      : action_(action), phase_(phase), story_(std::move(story)) {}

  std::vector<ServerAnswer> from(const Look& look) const {
    std::vector<ServerAnswer> servers;
    for (const auto& seen : look.servers) {
      servers.push_back({seen.server.name, seen.id(), initial_state(seen), seen.state(), seen.instance_status,
                         seen.system_status, reason(seen)});
    }
    for (const auto& missing : look.missing) {
      servers.push_back({missing.name, missing.id, "", "", "", "", missing.reason});
    }
    return servers;
  }

  /// Where EC2 can't be asked: what the run knew last.
  std::vector<ServerAnswer> without_look(const Error& error) const {
    std::vector<ServerAnswer> servers;
    for (auto [id, server] : story_) {
      server.id = id;
      if (server.name.empty()) server.name = id;
      server.reason = "could not be looked at again (" + error.code + ")";
      servers.push_back(std::move(server));
    }
    return servers;
  }

 private:
  [[nodiscard]] std::string initial_state(const SeenServer& seen) const {
    const auto known = story_.find(seen.id());
    if (known != story_.end()) return known->second.initial_state;
    return phase_.status == "not touched" ? seen.state() : "";
  }

  [[nodiscard]] std::string reason(const SeenServer& seen) const {
    if (phase_.status == "not touched" || decide(action_, seen).step == Step::none) return "";
    if (phase_.status == "ready") return "was ready, but is so no longer";
    const auto known = story_.find(seen.id());
    return known == story_.end() ? "" : known->second.reason;
  }

  Action action_;
  const ReportedPhase& phase_;
  Story story_;
};

ReportedPhase report_phase(const Context& context, const ReportPayload& task,
                           const ReportEnvironment& environment, const ReportPhase& phase,
                           const json::value& branch) {
  ReportedPhase reported;
  reported.name = phase.name;
  const auto* result = find_named(list_of(branch, "phases"), "name", phase.name);
  const bool halted_here = get_string(branch, "phase") == phase.name;
  reported.status = result ? (get_string(*result, "status") == "ready" ? "ready" : "failed")
                           : (halted_here ? "failed" : "not touched");
  if (result) {
    reported.reason = get_string(*result, "reason");
    reported.started_at = time_of(*result, "started_at");
    reported.ended_at = time_of(*result, "ended_at");
  }
  const PhaseReport servers(task.action, reported, result ? story_of(*result) : Story());
  aws::Ec2 ec2(context.caller, target_of(environment));
  if (const auto look = look_at(ec2, phase.servers, task.action)) {
    reported.servers = servers.from(*look);
  } else {
    reported.servers = servers.without_look(look.error());
    if (reported.reason.empty()) reported.reason = "could not be looked at again: " + describe(look.error());
  }
  return reported;
}

ReportedEnvironment report_environment(const Context& context, const ReportPayload& task,
                                       const ReportEnvironment& environment) {
  static const json::value no_branch{{"status", "halted"}, {"reason", "its branch left no result"}};
  const auto* found = find_named(task.results, "environment", environment.name);
  const json::value& branch = found ? *found : no_branch;
  ReportedEnvironment reported;
  reported.name = environment.name;
  reported.halted = get_string(branch, "status") != "ready";
  reported.halted_phase = get_string(branch, "phase");
  reported.reason = get_string(branch, "reason");
  for (const auto& phase : environment.phases) {
    reported.phases.push_back(report_phase(context, task, environment, phase, branch));
  }
  return reported;
}

void add_alarms(Report& report, const json::array& results) {
  for (const auto& branch : results) {
    for (const auto& phase : list_of(branch, "phases")) {
      const auto* alarms = find(phase, "alarms");
      if (!alarms) continue;
      report.alarms_disabled += static_cast<int>(get_int(*alarms, "disabled"));
      report.alarms_enabled += static_cast<int>(get_int(*alarms, "enabled"));
      if (const auto reason = get_string(*alarms, "reason"); !reason.empty()) {
        report.alarm_troubles.push_back(
            fmt::format("{} {}: {}", get_string(branch, "environment"), get_string(phase, "name"), reason));
      }
    }
  }
}

Report look_around(const Context& context, const ReportPayload& task) {
  Report report;
  report.action = task.action;
  report.fleet = task.fleet;
  report.execution_name = task.execution_name;
  report.started_at = task.started_at;
  for (const auto& environment : task.environments) {
    report.environments.push_back(report_environment(context, task, environment));
  }
  add_alarms(report, task.results);
  report.ended_at = context.clock.now();
  return report;
}

enum class Detail { every_server, servers_with_a_reason, no_servers };

json::object phase_to_json(const ReportedPhase& phase, Detail detail) {
  json::array servers;
  for (const auto& server : phase.servers) {
    const bool shown =
        detail == Detail::every_server || (detail == Detail::servers_with_a_reason && !server.reason.empty());
    if (shown) servers.push_back(to_json(server));
  }
  return {{"name", phase.name},
          {"status", phase.status},
          {"reason", phase.reason},
          {"servers_total", phase.servers.size()},
          {"servers", std::move(servers)}};
}

json::array environments_to_json(const Report& report, Detail detail) {
  json::array environments;
  for (const auto& environment : report.environments) {
    json::array phases;
    for (const auto& phase : environment.phases) phases.push_back(phase_to_json(phase, detail));
    environments.push_back(json::object{{"name", environment.name},
                                        {"status", environment.halted ? "halted" : "ready"},
                                        {"phase", environment.halted_phase},
                                        {"reason", environment.reason},
                                        {"phases", std::move(phases)}});
  }
  return environments;
}

/// As much of the servers as fits beside a body of at least some size; the mail has them all.
json::value answer_of(const Report& report, const std::string& message_id) {
  json::array environments;
  std::size_t bytes = 0;
  for (const auto detail : {Detail::every_server, Detail::servers_with_a_reason, Detail::no_servers}) {
    environments = environments_to_json(report, detail);
    bytes = json_text(environments).size();
    if (bytes + kLeastBodyBytes <= kAnswerBytes) break;
  }
  json::array troubles;
  for (const auto& trouble : report.alarm_troubles) troubles.emplace_back(trouble);
  const std::size_t room = bytes + kLeastBodyBytes < kAnswerBytes ? kAnswerBytes - bytes : kLeastBodyBytes;
  return json::object{{"action", to_string(report.action)},
                      {"status", report.aborted() ? "ABORTED" : "SUCCEEDED"},
                      {"subject", subject_of(report)},
                      {"body", body_of(report, room)},
                      {"message_id", message_id},
                      {"environments", std::move(environments)},
                      {"alarms", json::object{{"disabled", report.alarms_disabled},
                                              {"enabled", report.alarms_enabled},
                                              {"troubles", std::move(troubles)}}},
                      {"started_at", format_time(report.started_at)},
                      {"ended_at", format_time(report.ended_at)}};
}

Result<std::string> publish(const Context& context, const ReportPayload& task, const Report& report) {
  if (task.topic.empty()) return std::string();
  aws::Sns sns(context.caller, {task.region, ""});
  const auto topic = TRY(sns.find_topic(task.topic));
  return sns.publish(topic, subject_of(report), body_of(report));
}

}  // namespace

Result<json::value> report(const Context& context, const ReportPayload& task) {
  const Report report = look_around(context, task);
  const auto message_id = publish(context, task, report);
  if (!message_id) {
    return fail(ErrorKind::aws, "ReportNotSent",
                fmt::format("to {}: {}", task.topic, describe(message_id.error())));
  }
  return answer_of(report, *message_id);
}

}  // namespace lamplighter::tasks
