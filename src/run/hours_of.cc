#include "run/hours_of.h"

#include <algorithm>

namespace lamplighter::run {
namespace {

using hours::State;

State state_of(const std::string& server) {
  if (server == "running") return State::running;
  return server == "stopped" ? State::stopped : State::unknown;
}

/// What all of its servers are; unknown where they differ, or aren't all listed.
State state_of(const tasks::ReportedEnvironment& environment) {
  std::optional<State> all;
  const auto take = [&](const std::string& server) {
    const State state = state_of(server);
    all = all.value_or(state) == state ? state : State::unknown;
  };
  std::size_t unlisted = 0;
  for (const tasks::ReportedPhase& phase : environment.phases) {
    std::size_t listed = phase.servers.size();
    for (const auto& server : phase.servers) take(server.state);
    for (const auto& group : phase.left_out) {
      listed += group.ids.size();
      take(group.state);
    }
    unlisted += phase.servers_total > listed ? phase.servers_total - listed : 0;
  }
  return unlisted == 0 ? all.value_or(State::unknown) : State::unknown;
}

/// A start's servers run from its beginning on, a stop's until its last look; what went wrong did so
/// somewhere between.
hours::Look look_of(const engine::Execution& execution, const tasks::ReportAnswer& report, State state) {
  const bool since_begin =
      state == State::unknown || (state == State::running && report.action == tasks::Action::start);
  return {since_begin ? execution.started : report.ended_at, state};
}

}  // namespace

std::vector<hours::Seen> seen_by(const engine::Execution& execution, const Progress& progress) {
  const RunProgress run = progress.now();
  const auto report = progress.report();
  const std::string zone = progress.shape().timezone.empty() ? "UTC" : progress.shape().timezone;
  std::vector<hours::Seen> all;
  for (const EnvironmentProgress& environment : run.environments) {
    hours::Seen seen{run.fleet, zone, environment.name, {{execution.started, State::unknown}}};
    if (report) {
      const auto found = std::find_if(report->environments.begin(), report->environments.end(),
                                      [&](const auto& one) { return one.name == environment.name; });
      if (found != report->environments.end() && found->skipped) continue;  // nobody looked
      if (found != report->environments.end()) seen.looks = {look_of(execution, *report, state_of(*found))};
    }
    all.push_back(std::move(seen));
  }
  return all;
}

}  // namespace lamplighter::run
