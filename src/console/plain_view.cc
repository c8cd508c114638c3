#include "console/plain_view.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/duration.h"
#include "console/print.h"
#include "console/words.h"

namespace lamplighter::console {

void PlainView::show(const run::RunProgress& run, Time now) {
  if (run.started == Time{}) return;
  std::string names;
  for (const run::EnvironmentProgress& environment : run.environments)
    names += (names.empty() ? "" : ", ") + environment.name;
  line(run.started, "",
       fmt::format("{} {} of {} ({})", tasks::to_string(run.action), names, run.fleet, run.execution));
  for (const run::EnvironmentProgress& environment : run.environments) show_environment(run, environment);
  if (run.reporting) {
    const std::string trouble =
        run.ended || run.reporting_trouble.empty() ? "" : ", again after " + run.reporting_trouble;
    line(run.ended.value_or(now), "report", "sending the report" + trouble);
  }
  print(run.started);
}

void PlainView::show_environment(const run::RunProgress& run, const run::EnvironmentProgress& environment) {
  if (environment.waiting_since)
    line(*environment.waiting_since, environment.name + " waits",
         fmt::format("{}: {}", environment.name, environment.waiting_for));
  for (const run::PhaseProgress& phase : environment.phases) show_phase(run, environment, phase);
  if (environment.status == run::EnvironmentProgress::Status::ready) {
    line(environment.ended.value_or(run.started), environment.name,
         fmt::format("{}: {}", environment.name,
                     environment.unchanged() ? already(run.action) : done(run.action)));
  } else if (environment.status == run::EnvironmentProgress::Status::skipped) {
    line(environment.ended.value_or(run.started), environment.name,
         fmt::format("{}: skipped: {}", environment.name, environment.reason));
  } else if (environment.status == run::EnvironmentProgress::Status::halted) {
    line(environment.ended.value_or(run.started), environment.name,
         fmt::format("{}: HALTED: {}", environment.name, environment.reason));
  }
}

/// Says when a phase begins and ends; what is waited for in between changes too often for a log.
void PlainView::show_phase(const run::RunProgress& run, const run::EnvironmentProgress& environment,
                           const run::PhaseProgress& phase) {
  using Status = run::PhaseProgress::Status;
  if (phase.status == Status::to_come || phase.status == Status::not_touched || !phase.started) return;
  const std::string where = fmt::format("{} {}", environment.name, phase.name);
  line(*phase.started, where + " begins", fmt::format("{}: {}", where, doing(run.action)));
  for (const std::string& each : phase.left_alone)
    line(*phase.started, where + " " + each, fmt::format("{}: {}", where, each));
  if (phase.status == Status::failed) {
    line(phase.ended.value_or(*phase.started), where,
         fmt::format("{}: failed after {}", where,
                     elapsed(phase.ended.value_or(*phase.started) - *phase.started)));
    return;
  }
  if (!phase.ended) return;
  auto ready = phase;
  ready.status = Status::ready;  // settling has its own line
  line(*phase.ended, where,
       fmt::format("{}: {}{}", where, phase_words(run.action, ready),
                   phase.unchanged ? "" : " after " + elapsed(*phase.ended - *phase.started)));
  if (phase.settled_at) {
    line(*phase.ended, where + " settles",
         fmt::format(
             "{}: settling for {}", where,
             format_duration(std::chrono::round<std::chrono::seconds>(*phase.settled_at - *phase.ended))));
  }
}

void PlainView::line(Time at, const std::string& about, const std::string& text) {
  std::string& last = last_[about];
  if (last == text) return;
  last = text;
  noted_.emplace_back(at, text);
}

void PlainView::print(Time started) {
  std::stable_sort(noted_.begin(), noted_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [at, text] : noted_) print_line(out_, "{:>8}  {}", elapsed(at - started), text);
  noted_.clear();
  std::fflush(out_);
}

}  // namespace lamplighter::console
