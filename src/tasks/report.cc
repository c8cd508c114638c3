#include "tasks/report.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/limits.h"
#include "tasks/look.h"
#include "tasks/lookout.h"
#include "tasks/protocol/branch_end.h"
#include "tasks/reconcile.h"
#include "tasks/refusal.h"
#include "tasks/report_text.h"
#include "tasks/target.h"

namespace lamplighter::tasks {
namespace {

constexpr std::size_t kAnswerBytes = 240'000;
static_assert(kAnswerBytes < limits::kPayloadBytes);
constexpr std::size_t kLeastBodyBytes = 20'000;

/// What the run knew of the servers of one phase, by id.
using Story = std::map<std::string, ServerAnswer>;

Story story_of(const Membership& members, const PhaseAnswer& phase) {
  Story story;
  for (const auto& [reason, ids] : phase.reasons) {
    for (const auto& id : ids) story[id].reason = reason;
  }
  for (const auto& server : phase.servers) {
    auto& known = story[server.id];
    known = server;
    known.instance_status = known.system_status = "";  // they say nothing about now
  }
  for (const auto& [state, ids] : members.first_states) {
    for (const auto& id : ids) story[id].initial_state = state;
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
    return phase_.status == PhaseEnd::not_touched ? seen.state() : "";
  }

  [[nodiscard]] std::string reason(const SeenServer& seen) const {
    if (phase_.status == PhaseEnd::not_touched || decide(action_, seen).step == Step::none) return "";
    if (phase_.status == PhaseEnd::ready) return "was ready, but is so no longer";
    const auto known = story_.find(seen.id());
    return known == story_.end() ? "" : known->second.reason;
  }

  Action action_;
  const ReportedPhase& phase_;
  Story story_;
};

/// What the run knew of the phase; nullptr where it was not worked on.
const PhaseAnswer* find_phase(const BranchEnd& end, const std::string& name) {
  const auto found = std::find_if(end.phases.begin(), end.phases.end(),
                                  [&](const auto& phase) { return phase.name == name; });
  return found == end.phases.end() ? nullptr : &*found;
}

/// The phase's servers: its members, or where it was never admitted what its selector finds.
Result<Look> look_at_phase(const Context& context, const aws::Target& target, const DescribedPhase& phase,
                           const Membership* members, Action action) {
  if (members != nullptr) return look_at(context, target, members->ids(), action);
  LookoutDirectory directory(context, target);
  auto found = TRY(find_servers(directory, phase.servers));
  std::vector<std::string> ids;
  for (const auto& server : found.servers) ids.push_back(server.instance.id);
  auto look = TRY(look_at(context, target, ids, action));
  std::move(found.missing.begin(), found.missing.end(), std::back_inserter(look.missing));
  return look;
}

ReportedPhase report_phase(const Context& context, const ReportPayload& task,
                           const DescribedEnvironment& environment, const DescribedPhase& phase,
                           const BranchEnd& end) {
  ReportedPhase reported;
  reported.name = phase.name;
  const auto* known = find_phase(end, phase.name);
  if (known) {
    reported.status = known->status == PhaseStatus::ready ? PhaseEnd::ready : PhaseEnd::failed;
    reported.reason = known->reason;
    reported.started_at = known->started_at;
    reported.ended_at = known->ended_at;
  } else if (end.phase == phase.name) {
    reported.status = PhaseEnd::failed;
  }
  if (end.phase == phase.name && reported.reason.empty()) reported.reason = end.reason;
  const auto admitted = end.members.find(phase.name);
  const Membership* members = admitted == end.members.end() ? nullptr : &admitted->second;
  const PhaseReport servers(task.action, reported, known && members ? story_of(*members, *known) : Story());
  if (const auto look = look_at_phase(context, target_of(environment), phase, members, task.action)) {
    reported.servers = servers.from(*look);
  } else {
    reported.servers = servers.without_look(look.error());
    if (reported.reason.empty()) reported.reason = "could not be looked at again: " + describe(look.error());
  }
  reported.servers_total = reported.servers.size();
  return reported;
}

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

ReportedEnvironment report_environment(const Context& context, const ReportPayload& task,
                                       const DescribedEnvironment& environment, const BranchEnd& end) {
  ReportedEnvironment reported{environment.name, end.halted, end.phase, end.reason, {}};
  for (const auto& phase : environment.phases) {
    reported.phases.push_back(report_phase(context, task, environment, phase, end));
  }
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

/// All members are looked at now: so they are asked for together.
void announce(const Context& context, const ReportPayload& task) {
  if (context.lookout == nullptr) return;
  for (const auto& environment : task.environments) {
    for (const auto& [phase, members] : end_of(task, environment.name).members) {
      context.lookout->expect(target_of(environment), members.ids(), task.action == Action::start,
                              Duration::zero());
    }
  }
}

/// All there is to say, but for the words.
ReportAnswer look_around(const Context& context, const ReportPayload& task) {
  announce(context, task);
  ReportAnswer report;
  report.action = task.action;
  report.started_at = task.started_at;
  for (const auto& environment : task.environments) {
    const BranchEnd end = end_of(task, environment.name);
    if (end.skipped) continue;
    report.environments.push_back(report_environment(context, task, environment, end));
    add_alarms(report.alarms, end);
  }
  report.ended_at = context.clock.now();
  report.subject = subject_of(report.action, report.aborted());
  return report;
}

template <class Predicate>
void drop_servers(std::vector<ReportedEnvironment>& environments, Predicate dropped) {
  for (auto& environment : environments) {
    for (auto& phase : environment.phases) {
      const auto end = std::remove_if(phase.servers.begin(), phase.servers.end(), dropped);
      phase.servers.erase(end, phase.servers.end());
    }
  }
}

/// Leaves as much of the servers as fits beside a body of at least some size (the mail has them all), and
/// writes the body into what is left.
void fit(const ReportPayload& task, ReportAnswer& report) {
  const ReportAnswer whole = report;
  const auto bytes = [&] { return json_text(to_json(report.environments)).size(); };
  const auto too_many = [&] { return bytes() + kLeastBodyBytes > kAnswerBytes; };
  if (too_many()) drop_servers(report.environments, [](const auto& server) { return server.reason.empty(); });
  if (too_many()) drop_servers(report.environments, [](const auto&) { return true; });
  report.body = body_of(task, whole, too_many() ? kLeastBodyBytes : kAnswerBytes - bytes());
}

}  // namespace

Result<ReportAnswer> report(const Context& context, const ReportPayload& task) {
  ReportAnswer report = look_around(context, task);
  fit(task, report);
  return report;
}

}  // namespace lamplighter::tasks
