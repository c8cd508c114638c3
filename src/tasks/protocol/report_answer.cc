#include "tasks/protocol/report_answer.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "tasks/protocol/members.h"
#include "tasks/protocol/packed_ids.h"

namespace lamplighter::tasks {
namespace {

constexpr std::size_t kSubjectBytes = 80;

constexpr std::int64_t kMaxSum = std::numeric_limits<std::int64_t>::max();

json::object to_json(const LeftOut& left_out) {
  return {{"state", left_out.state},
          {"instance_status", left_out.instance_status},
          {"system_status", left_out.system_status},
          {"ids", pack_ids(left_out.ids)}};
}

Result<LeftOut> read_left_out(const Reader& fields) {
  LeftOut left_out;
  left_out.state = TRY(fields.optional_text("state"));
  left_out.instance_status = TRY(fields.optional_text("instance_status"));
  left_out.system_status = TRY(fields.optional_text("system_status"));
  left_out.ids = TRY(read_packed_ids(fields, "ids"));
  return left_out;
}

json::object to_json(const ReportedPhase& phase) {
  json::array servers;
  for (const auto& server : phase.servers) servers.push_back(tasks::to_json(server));
  json::object object{{"name", phase.name},
                      {"status", to_string(phase.status)},
                      {"reason", phase.reason},
                      {"servers_total", phase.servers_total},
                      {"servers_ready", phase.servers_ready},
                      {"servers", std::move(servers)}};
  if (!phase.left_out.empty()) {
    json::array left_out;
    for (const auto& group : phase.left_out) left_out.push_back(to_json(group));
    object["left_out"] = std::move(left_out);
  }
  if (!phase.notes.empty()) object["notes"] = json::value_from(phase.notes);
  return object;
}

json::object to_json(const ReportedEnvironment& environment) {
  json::array phases;
  for (const auto& phase : environment.phases) phases.push_back(to_json(phase));
  return {{"name", environment.name},
          {"status", environment.skipped ? kSkipped : environment_status(environment.halted)},
          {"phase", environment.phase},
          {"reason", environment.reason},
          {"phases", std::move(phases)}};
}

Result<ReportedPhase> read_phase(const Reader& fields) {
  ReportedPhase phase;
  phase.name = TRY(fields.text("name"));
  const auto word = TRY(fields.text("status"));
  const auto ends = {PhaseEnd::ready, PhaseEnd::failed, PhaseEnd::not_touched};
  const auto* const end =
      std::find_if(ends.begin(), ends.end(), [&](auto e) { return word == to_string(e); });
  if (end == ends.end()) return fields.unexpected("status", R"("ready", "failed" or "not touched")");
  phase.status = *end;
  phase.reason = TRY(fields.optional_text("reason"));
  phase.servers_total = static_cast<std::size_t>(TRY(fields.optional_count("servers_total", kMaxCount)));
  phase.servers_ready = static_cast<std::size_t>(TRY(fields.optional_count("servers_ready", kMaxCount)));
  phase.servers = TRY(read_servers(fields));
  for (const auto& group : TRY(fields.optional_objects("left_out"))) {
    phase.left_out.push_back(TRY(read_left_out(group)));
  }
  phase.notes = TRY(fields.optional_texts("notes"));
  return phase;
}

Result<ReportedEnvironment> read_environment(const Reader& fields) {
  ReportedEnvironment environment;
  environment.name = TRY(fields.text("name"));
  environment.skipped = TRY(fields.text("status")) == kSkipped;
  if (!environment.skipped) environment.halted = TRY(read_halted(fields));
  environment.phase = TRY(fields.optional_text("phase"));
  environment.reason = TRY(fields.optional_text("reason"));
  for (const auto& phase : TRY(fields.objects("phases"))) {
    environment.phases.push_back(TRY(read_phase(phase)));
  }
  return environment;
}

json::object to_json(const ReportedAlarms& alarms) {
  json::object object{{"disabled", alarms.disabled},
                      {"enabled", alarms.enabled},
                      {"follow", alarms.follow},
                      {"troubles", json::value_from(alarms.troubles)}};
  if (alarms.follow_by) object["follow_by"] = format_time(*alarms.follow_by);
  return object;
}

Result<ReportedAlarms> read_alarms(const Reader& fields) {
  ReportedAlarms alarms;
  alarms.disabled = TRY(fields.optional_count("disabled", kMaxSum));
  alarms.enabled = TRY(fields.optional_count("enabled", kMaxSum));
  alarms.follow = TRY(fields.optional_count("follow", kMaxSum));
  alarms.follow_by = TRY(fields.optional_time("follow_by"));
  alarms.troubles = TRY(fields.optional_texts("troubles"));
  return alarms;
}

}  // namespace

std::string_view to_string(PhaseEnd end) {
  switch (end) {
    case PhaseEnd::ready:
      return "ready";
    case PhaseEnd::failed:
      return "failed";
    case PhaseEnd::not_touched:
      return "not touched";
  }
  return "";
}

bool ReportAnswer::aborted() const {
  return std::any_of(environments.begin(), environments.end(), [](const auto& e) { return e.halted; });
}

bool ReportAnswer::skipped() const {
  return !environments.empty() &&
         std::all_of(environments.begin(), environments.end(), [](const auto& e) { return e.skipped; });
}

std::string subject_of(Action action, bool aborted, std::string_view fleet, bool skipped) {
  std::string subject = fmt::format("{} STATUS: {}{} - {}", action == Action::start ? "START" : "SHUTDOWN",
                                    aborted ? "ABORTED" : "SUCCESS", skipped ? ", SKIPPED" : "", fleet);
  std::replace_if(
      subject.begin(), subject.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  subject.resize(std::min(subject.size(), kSubjectBytes));
  return subject;
}

json::array to_json(const std::vector<ReportedEnvironment>& environments) {
  json::array array;
  for (const auto& environment : environments) array.push_back(to_json(environment));
  return array;
}

json::object to_json(const ReportAnswer& answer) {
  return {{"action", to_string(answer.action)},
          {"status", answer.status()},
          {"subject", answer.subject},
          {"body", answer.body},
          {"environments", to_json(answer.environments)},
          {"alarms", to_json(answer.alarms)},
          {"warnings", json::value_from(answer.warnings)},
          {"leases", to_json(answer.leases)},
          {"unmutes", json::value_from(answer.unmutes)},
          {"silent", answer.skipped()},
          {"started_at", format_time(answer.started_at)},
          {"ended_at", format_time(answer.ended_at)}};
}

Result<ReportAnswer> read_report_answer(const json::value& answer) {
  const auto fields = TRY(Reader::of(answer, "answer", kInvalidAnswer));
  ReportAnswer read;
  read.action = TRY(read_action(fields));
  read.subject = TRY(fields.text("subject"));
  read.body = TRY(fields.text("body"));
  for (const auto& environment : TRY(fields.objects("environments"))) {
    read.environments.push_back(TRY(read_environment(environment)));
  }
  read.alarms = TRY(read_alarms(TRY(fields.object("alarms"))));
  read.warnings = TRY(fields.optional_texts("warnings"));
  read.leases = TRY(read_generations(fields));
  read.unmutes = TRY(fields.optional_texts("unmutes"));
  read.started_at = TRY(fields.time("started_at"));
  read.ended_at = TRY(fields.time("ended_at"));
  if (TRY(fields.text("status")) == read.status()) return read;
  return fields.unexpected("status", fmt::format("\"{}\" by the environments' own", read.status()));
}

}  // namespace lamplighter::tasks
