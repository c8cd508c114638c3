#include "run/outcome.h"

#include <algorithm>

#include <fmt/format.h>

#include "run/exit_code.h"

namespace lamplighter::run {
namespace {

json::value member(const json::value& value, std::string_view key) {
  const json::value* found = find(value, key);
  return found != nullptr ? *found : json::value();
}

/// A phase as the run saw it last, for a run whose report nobody composed.
json::object phase_json(const PhaseProgress& phase, const json::value& result) {
  std::string_view status = "not touched";
  if (phase.status == PhaseProgress::Status::ready) status = "ready";
  if (phase.status == PhaseProgress::Status::failed) status = "failed";
  const json::value servers = member(result, "servers");
  return {
      {"name", phase.name}, {"status", status}, {"servers", servers.is_array() ? servers : json::array{}}};
}

json::value named(const json::value& list, std::string_view key, const std::string& name) {
  if (!list.is_array()) return nullptr;
  for (const json::value& item : list.as_array()) {
    if (get_string(item, key) == name) return item;
  }
  return nullptr;
}

json::object alarms_of(const json::array& results) {
  std::int64_t disabled = 0;
  std::int64_t enabled = 0;
  for (const json::value& branch : results) {
    const json::value phases = member(branch, "phases");
    for (const json::value& phase : phases.is_array() ? phases.as_array() : json::array{}) {
      disabled += get_int(member(phase, "alarms"), "disabled");
      enabled += get_int(member(phase, "alarms"), "enabled");
    }
  }
  return {{"disabled", disabled}, {"enabled", enabled}};
}

/// From what the branches ended with. An environment whose branch did not end counts as halted.
json::object without_report(const RunProgress& run, const json::array& results) {
  json::array environments;
  bool aborted = false;
  for (const EnvironmentProgress& environment : run.environments) {
    const bool ready = environment.status == EnvironmentProgress::Status::ready;
    aborted = aborted || !ready;
    const json::value branch = named(results, "environment", environment.name);
    json::array phases;
    for (const PhaseProgress& phase : environment.phases) {
      phases.push_back(phase_json(phase, named(member(branch, "phases"), "name", phase.name)));
    }
    environments.push_back(json::object{{"name", environment.name},
                                        {"status", ready ? "ready" : "halted"},
                                        {"reason", environment.reason},
                                        {"phases", std::move(phases)}});
  }
  const std::string_view what = run.action == tasks::Action::start ? "START" : "SHUTDOWN";
  return {{"status", aborted ? "ABORTED" : "SUCCEEDED"},
          {"subject", fmt::format("{} STATUS: {}", what, aborted ? "ABORTED" : "SUCCESS")},
          {"environments", std::move(environments)},
          {"alarms", alarms_of(results)},
          {"started_at", format_time(run.started)},
          {"ended_at", format_time(run.ended.value_or(run.started))}};
}

json::object calls_json(const aws::CallCounts& calls) {
  json::object counts;
  for (const auto& [call, count] : calls) counts[call] = count;
  return counts;
}

int exit_code_of(const RunEnd& end, const std::string& status) {
  if (end.execution.status == engine::ExecutionStatus::succeeded) return ExitCode::success;
  return status == "SUCCEEDED" ? ExitCode::no_aws : ExitCode::aborted;
}

}  // namespace

Outcome outcome_of(const RunEnd& end, const Progress& progress, const aws::CallCounts& calls) {
  Outcome outcome;
  outcome.exit_code = kInterrupted;
  if (end.interrupted) return outcome;
  const RunProgress run = progress.now();
  const json::value report = progress.report();
  const json::value source = report.is_null() ? json::value(without_report(run, progress.results())) : report;
  outcome.json = {{"execution", run.execution}, {"action", tasks::to_string(run.action)}};
  for (const std::string_view key : {"status", "subject", "environments"})
    outcome.json[key] = member(source, key);
  outcome.json["alarms"] = json::object{{"disabled", get_int(member(source, "alarms"), "disabled")},
                                        {"enabled", get_int(member(source, "alarms"), "enabled")}};
  outcome.json["api_calls"] = calls_json(calls);
  for (const std::string_view key : {"started_at", "ended_at"}) outcome.json[key] = member(source, key);
  outcome.body = get_string(report, "body");
  outcome.exit_code = exit_code_of(end, get_string(source, "status"));
  if (report.is_null()) outcome.trouble = run.failure.empty() ? "no report was sent" : run.failure;
  return outcome;
}

}  // namespace lamplighter::run
