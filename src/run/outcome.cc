#include "run/outcome.h"

#include <algorithm>

#include <fmt/format.h>

#include "run/after_report.h"
#include "run/every_server.h"
#include "run/exit_code.h"

namespace lamplighter::run {
namespace {

/// A phase as the run saw it last, for a run whose report nobody composed.
tasks::ReportedPhase phase_without_report(const PhaseProgress& phase, const tasks::BranchEnd& end) {
  tasks::ReportedPhase reported;
  reported.name = phase.name;
  if (phase.status == PhaseProgress::Status::ready) reported.status = tasks::PhaseEnd::ready;
  if (phase.status == PhaseProgress::Status::failed) reported.status = tasks::PhaseEnd::failed;
  reported.reason = phase.reason;
  for (const tasks::PhaseAnswer& known : end.phases) {
    if (known.name != phase.name) continue;
    reported.servers_total = known.servers_total;
    reported.servers = known.servers;
  }
  return reported;
}

/// The end of an environment's branch; an empty one where it did not end.
tasks::BranchEnd end_of(const std::vector<tasks::BranchEnd>& ends, const std::string& environment) {
  const auto found =
      std::find_if(ends.begin(), ends.end(), [&](const auto& end) { return end.environment == environment; });
  return found == ends.end() ? tasks::BranchEnd() : *found;
}

/// From what the branches ended with. An environment whose branch did not end counts as halted.
tasks::ReportAnswer without_report(const RunProgress& run, const std::vector<tasks::BranchEnd>& ends) {
  tasks::ReportAnswer report;
  report.action = run.action;
  report.started_at = run.started;
  report.ended_at = run.ended.value_or(run.started);
  for (const EnvironmentProgress& environment : run.environments) {
    const tasks::BranchEnd end = end_of(ends, environment.name);
    const bool skipped = environment.status == EnvironmentProgress::Status::skipped;
    const bool ready = environment.status == EnvironmentProgress::Status::ready;
    tasks::ReportedEnvironment reported{
        environment.name, !ready && !skipped, end.phase, environment.reason, {}, skipped};
    for (const PhaseProgress& phase : environment.phases) {
      if (skipped) break;
      reported.phases.push_back(phase_without_report(phase, end));
    }
    report.environments.push_back(std::move(reported));
    for (const tasks::PhaseAnswer& phase : end.phases) {
      report.alarms.disabled += phase.alarms.disabled;
      report.alarms.enabled += phase.alarms.enabled;
    }
  }
  report.subject = tasks::subject_of(run.action, report.aborted(), run.fleet, report.skipped());
  return report;
}

json::object calls_json(const aws::CallCounts& calls) {
  json::object counts;
  for (const auto& [call, count] : calls) counts[call] = count;
  return counts;
}

/// A run whose mail was lost has gone through all the same.
int exit_code_of(const RunEnd& end, const tasks::ReportAnswer& report,
                 const std::vector<tasks::Notified>& notified) {
  if (report.aborted()) return ExitCode::aborted;
  const bool told = std::none_of(notified.begin(), notified.end(),
                                 [](const tasks::Notified& one) { return one.is_trouble(); });
  const bool succeeded = end.reported || end.execution.status == engine::ExecutionStatus::succeeded;
  return succeeded && told ? ExitCode::success : ExitCode::no_aws;
}

/// What became of the messages, where that is worth a word.
std::string mail_trouble(const std::vector<tasks::Notified>& notified) {
  std::string words;
  for (const tasks::Notified& one : notified) {
    if (one.is_trouble()) words += (words.empty() ? "" : "\n") + tasks::trouble_words(one);
  }
  return words;
}

json::object notified_json(const tasks::Notified& notified) {
  json::object made = to_json(notified);
  made.erase("message_id");
  return made;
}

/// The first topic's, else the first recipient's.
json::object mail_json(const std::vector<tasks::Notified>& notified, const std::string& failure) {
  if (notified.empty()) return notified_json({tasks::Sent::no, "", failure});
  const auto mail = std::find_if(notified.begin(), notified.end(),
                                 [](const tasks::Notified& one) { return one.to.starts_with("sns:"); });
  return notified_json(mail != notified.end() ? *mail : notified.front());
}

/// Each recipient's: [{"to", "sent", "error"}].
json::array all_json(const std::vector<tasks::Notified>& notified) {
  json::array all;
  for (const tasks::Notified& one : notified) {
    json::object made{{"to", one.to}};
    for (auto& [name, value] : notified_json(one)) made[name] = std::move(value);
    all.push_back(std::move(made));
  }
  return all;
}

}  // namespace

Outcome outcome_of(const RunEnd& end, const Progress& progress, aws::Caller* caller, aws::Caller* names) {
  Outcome outcome;
  outcome.exit_code = kInterrupted;
  if (end.interrupted) return outcome;
  const RunProgress run = progress.now();
  const auto made = progress.report();
  const auto notified = progress.notified();
  tasks::ReportAnswer report = made ? *made : without_report(run, progress.branch_ends());
  list_every_server(report, progress.branch_ends(), progress.shape(), caller != nullptr ? caller : names);
  const std::string no_report = made ? "" : run.failure.empty() ? "no report was made" : run.failure;
  outcome.json = {{"execution", run.execution},
                  {"action", to_string(run.action)},
                  {"status", report.status()},
                  {"subject", report.subject},
                  {"environments", to_json(report.environments)},
                  {"alarms",
                   {{"disabled", report.alarms.disabled},
                    {"enabled", report.alarms.enabled},
                    {"follow", report.alarms.follow}}},
                  {"report", mail_json(notified, no_report)},
                  {"notifications", all_json(notified)},
                  {"api_calls", caller == nullptr ? json::value() : calls_json(caller->counts())},
                  {"started_at", format_time(report.started_at)},
                  {"ended_at", format_time(report.ended_at)}};
  if (const auto unmuting = progress.unmuting(); unmuting && unmuting->over && !unmuting->left.empty()) {
    outcome.json["alarms"].as_object()["still_muted"] = json::value_from(unmuting->left);
  }
  outcome.body = report.body;
  outcome.exit_code = exit_code_of(end, report, notified);
  outcome.trouble = made ? mail_trouble(notified) : no_report;
  for (const auto& words : {alarms_of_later(progress), alarms_left(progress)}) {
    if (!words.empty()) outcome.trouble += (outcome.trouble.empty() ? "" : "\n") + words;
  }
  return outcome;
}

}  // namespace lamplighter::run
