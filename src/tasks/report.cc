#include "tasks/report.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tasks/last_look.h"
#include "tasks/protocol/timeouts.h"
#include "tasks/report_alarms.h"
#include "tasks/report_phase.h"
#include "tasks/report_room.h"
#include "tasks/run_leases.h"
#include "tasks/words.h"

namespace lamplighter::tasks {
namespace {

constexpr std::size_t kNames = 10;
constexpr std::size_t kClauses = 8;
// The looks at servers are over by two thirds (last_look.h), and a task's calls by three quarters.
constexpr Duration kTimeToLook = kReportTimeout * 7 / 10;

/// How the environment's branch ended. The report must go out, whatever a branch left: what can't be
/// understood counts as halted.
BranchEnd end_of(const ReportPayload& task, const std::string& environment) {
  BranchEnd end;
  end.environment = environment;
  end.halted = true;
  end.reason = task.survey_error.empty() ? "its branch left no result" : task.survey_error;
  for (const auto& result : task.results) {
    if (get_string(result, "environment") != environment) continue;
    auto read = read_branch_end(result);
    if (read) return *std::move(read);
    end.reason = fmt::format("its branch left no readable result ({})", read.error().message);
  }
  return end;
}

/// Of the environments that were chosen, in the fleet's order.
std::vector<BranchEnd> ends_of(const ReportPayload& task) {
  std::vector<BranchEnd> ends;
  for (const auto& environment : task.environments) {
    auto end = end_of(task, environment.name);
    if (end.was_wanted()) ends.push_back(std::move(end));
  }
  return ends;
}

const DescribedEnvironment& described(const ReportPayload& task, const std::string& name) {
  return *std::find_if(task.environments.begin(), task.environments.end(),
                       [&](const auto& environment) { return environment.name == name; });
}

std::string reason_of(const ReportedPhase& phase) {
  Remarks remarks;
  for (const auto& server : phase.servers) {
    if (!server.reason.empty()) remarks.emplace_back(server.name, server.reason);
  }
  return remarks.empty() ? phase.reason : tell(remarks, kNames, kClauses);
}

/// An environment that was ready at its branch's end, and is so no longer, is halted.
void let_last_look_decide(ReportedEnvironment& environment) {
  const auto failed = std::find_if(environment.phases.begin(), environment.phases.end(),
                                   [](const auto& phase) { return phase.status == PhaseEnd::failed; });
  if (environment.halted || failed == environment.phases.end()) return;
  environment.halted = true;
  environment.phase = failed->name;
  environment.reason = reason_of(*failed);
}

/// Those that were looked into: what was skipped is none of the report's business.
std::vector<BranchEnd> touched(std::vector<BranchEnd> ends) {
  std::erase_if(ends, [](const auto& end) { return end.skipped; });
  return ends;
}

/// The environments to whose alarms the run sees: those that ran; where runs agree, those that it still has
/// for itself. What a person or another run kept it from, or took from it, stays silent, or not, as it is.
std::vector<std::string> own_of(const ReportPayload& task, const std::vector<BranchEnd>& ends,
                                const RunLeases& leases) {
  std::vector<std::string> own;
  for (const auto& end : ends) {
    const bool ran = std::find(task.ran.begin(), task.ran.end(), end.environment) != task.ran.end();
    if (ran && !end.skipped && (!leases.are_used() || leases.held().contains(end.environment)))
      own.push_back(end.environment);
  }
  return own;
}

Generations held_by(const std::vector<BranchEnd>& ends) {
  Generations held;
  for (const auto& end : ends) {
    if (end.lease.generation > 0) held[end.environment] = end.lease.generation;
  }
  return held;
}

/// Another execution has it meanwhile: how it was at its branch's end counts, and a look now would tell of
/// the other's work.
ReportedEnvironment report_lost(const ReportPayload& task, const BranchEnd& end, const std::string& lost) {
  ReportedEnvironment reported{end.environment, end.halted, end.phase, end.reason, {}};
  for (const auto& phase : described(task, end.environment).phases) {
    reported.phases.push_back(report_known(task.action, phase, end));
  }
  if (!end.halted) reported.phases.back().notes.push_back(lost + " since");
  return reported;
}

ReportedEnvironment report_environment(const ReportPayload& task, const BranchEnd& end,
                                       const Sights& sights) {
  if (end.skipped) return {end.environment, false, "", end.reason, {}, true};
  ReportedEnvironment reported{end.environment, end.halted, end.phase, end.reason, {}};
  for (const auto& phase : described(task, end.environment).phases) {
    reported.phases.push_back(
        report_phase(task.action, phase, end, sights.at({end.environment, phase.name})));
  }
  let_last_look_decide(reported);
  return reported;
}

void add_alarms(ReportedAlarms& alarms, const BranchEnd& end) {
  for (const auto& phase : end.phases) {
    alarms.disabled += phase.alarms.disabled;
    alarms.enabled += phase.alarms.enabled;
    if (phase.alarms.reason.empty()) continue;
    alarms.troubles.push_back(fmt::format("{} {}: {}", end.environment, phase.name, phase.alarms.reason));
  }
}

}  // namespace

ReportAnswer report(const Context& context, const ReportPayload& task) {
  ReportAnswer report;
  report.action = task.action;
  report.started_at = task.started_at;
  report.warnings = task.warnings;
  const Time end = context.clock.steady() + kTimeToLook;
  const auto ends = ends_of(task);
  const auto sights = look_at_all(context, task, touched(ends));
  RunLeases leases(context, task.coordination, task.fleet, task.execution, held_by(ends));
  leases.make_sure();
  for (const auto& branch : ends) {
    const auto lost = leases.lost(branch.environment);
    report.environments.push_back(lost.empty() ? report_environment(task, branch, sights)
                                               : report_lost(task, branch, lost));
    add_alarms(report.alarms, branch);
  }
  report.ended_at = context.clock.now();
  report.unmutes = own_of(task, ends, leases);
  look_at_alarms(context, task, end, report);
  const bool unmutes = task.action == Action::start || report.aborted();
  leases.give_back(unmutes ? LeaseState::reported : LeaseState::released);
  report.leases = leases.held();
  report.subject = subject_of(report.action, report.aborted(), task.fleet, report.skipped());
  fit(task, report, context.in_lambda);
  return report;
}

}  // namespace lamplighter::tasks
