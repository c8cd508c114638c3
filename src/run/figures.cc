#include "run/figures.h"

#include <algorithm>

#include <fmt/format.h>

namespace lamplighter::run {
namespace {

constexpr std::array kActions{tasks::Action::start, tasks::Action::stop};
constexpr std::array kEnds{engine::ExecutionStatus::succeeded, engine::ExecutionStatus::failed,
                           engine::ExecutionStatus::timed_out, engine::ExecutionStatus::aborted};
/// What an occurrence can come to, and the metric's word for it.
constexpr std::array<std::pair<LogEvent, std::string_view>, 4> kOutcomes{{
    {LogEvent::occurrence_started, "started"},
    {LogEvent::occurrence_made_up, "made_up"},
    {LogEvent::occurrence_missed, "missed"},
    {LogEvent::occurrence_failed, "failed"},
}};

double number(std::uint64_t count) { return static_cast<double>(count); }

template <class Map, class Key>
typename Map::mapped_type value_or_default(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? typename Map::mapped_type() : found->second;
}

std::string word_of(tasks::Action action) { return std::string(tasks::to_string(action)); }

}  // namespace

void Durations::add(double seconds) {
  for (std::size_t i = 0; i < kBounds.size(); ++i) {
    if (seconds <= kBounds[i]) ++at_most_[i];
  }
  ++count_;
  sum_ += seconds;
}

void Durations::show(api::MetricsText& text, const api::MetricLabels& labels) const {
  std::vector<std::pair<double, std::uint64_t>> at_most;
  for (std::size_t i = 0; i < kBounds.size(); ++i) at_most.emplace_back(kBounds[i], at_most_[i]);
  text.histogram(at_most, count_, sum_, labels);
}

void Figures::know(const fleet::Fleet& fleet) {
  std::set<std::string> environments;
  for (const fleet::Environment& environment : fleet.environments) environments.insert(environment.name);
  const MutexLock lock(mutex_);
  FleetFigures& figures = fleets_[fleet.name];
  figures.environments = std::move(environments);
  std::erase_if(figures.successes,
                [&](const auto& success) { return !figures.environments.contains(success.first.first); });
}

std::optional<FleetMachine> Figures::machine_of(const std::string& name) const {
  const MutexLock lock(mutex_);
  for (const tasks::Action action : kActions) {
    const std::string suffix = "-" + word_of(action);
    if (!name.ends_with(suffix)) continue;
    const std::string fleet = name.substr(0, name.size() - suffix.size());
    if (!fleet.empty() && fleets_.contains(fleet)) return FleetMachine{fleet, action};
  }
  return std::nullopt;
}

std::set<std::string> Figures::without_success(const FleetMachine& machine) const {
  const MutexLock lock(mutex_);
  const auto found = fleets_.find(machine.fleet);
  if (found == fleets_.end()) return {};
  std::set<std::string> missing = found->second.environments;
  for (const auto& [key, time] : found->second.successes) {
    if (key.second == machine.action) missing.erase(key.first);
  }
  return missing;
}

void Figures::said(const LogEntry& entry) {
  const MutexLock lock(mutex_);
  ++said_.at(static_cast<std::size_t>(entry.event));
  const auto fleet = fleets_.find(entry.fleet);
  if (fleet == fleets_.end()) return;
  if (entry.event == LogEvent::environment_halted) ++fleet->second.halted;
  for (const auto& [event, word] : kOutcomes) {
    if (event == entry.event)
      fleet->second.occurrences[event] += static_cast<std::uint64_t>(std::max<std::int64_t>(entry.count, 0));
  }
}

void Figures::execution_started() {
  const MutexLock lock(mutex_);
  ++started_;
}

void Figures::execution_ended(const std::optional<FleetMachine>& machine,
                              const engine::Execution& execution) {
  const Time ended = execution.ended.value_or(execution.started);
  const MutexLock lock(mutex_);
  ++ended_[execution.status];
  if (!machine) return;
  const auto fleet = fleets_.find(machine->fleet);
  if (fleet == fleets_.end()) return;
  fleet->second.durations[machine->action].add(static_cast<double>((ended - execution.started).count()) /
                                               1'000);
}

void Figures::environment_succeeded(const FleetMachine& machine, const std::string& environment, Time time) {
  const MutexLock lock(mutex_);
  const auto fleet = fleets_.find(machine.fleet);
  if (fleet == fleets_.end() || !fleet->second.environments.contains(environment)) return;
  Time& latest = fleet->second.successes[{environment, machine.action}];
  latest = std::max(latest, time);
}

void Figures::show(api::MetricsText& text) const {
  const MutexLock lock(mutex_);
  show_fleets(text);
  text.family("lamplighter_executions_started_total", "counter",
              "Executions that were started since this process began.");
  text.sample(number(started_));
  text.family("lamplighter_executions_ended_total", "counter",
              "Executions that ended since this process began, by how.");
  for (const auto status : kEnds)
    text.sample(number(value_or_default(ended_, status)), {{"status", std::string(to_string(status))}});
  text.family("lamplighter_log_events_total", "counter", "What the daemon said, by event (docs/daemon.md).");
  for (const LogEventKind& kind : kLogEvents) {
    text.sample(number(said_.at(static_cast<std::size_t>(kind.event))),
                {{"event", std::string(kind.name)}, {"level", std::string(to_string(kind.level))}});
  }
}

void Figures::show_fleets(api::MetricsText& text) const {
  text.family(
      "lamplighter_occurrences_total", "counter",
      "Occurrences of schedules, by what they came to (failed: could not be started at first); the fleet "
      "is empty for the API's schedules.");
  for (const auto& [name, fleet] : fleets_) {
    for (const auto& [event, word] : kOutcomes)
      text.sample(number(value_or_default(fleet.occurrences, event)),
                  {{"fleet", name}, {"outcome", std::string(word)}});
  }
  text.family("lamplighter_environments_halted_total", "counter", "Environments that halted.");
  for (const auto& [name, fleet] : fleets_) {
    if (!name.empty()) text.sample(number(fleet.halted), {{"fleet", name}});
  }
  text.family("lamplighter_environment_last_success_timestamp_seconds", "gauge",
              "When an environment was last started, or stopped, with success; 0 where that is not known.");
  for (const auto& [name, fleet] : fleets_) {
    for (const std::string& environment : fleet.environments) {
      for (const tasks::Action action : kActions)
        text.sample(value_or_default(fleet.successes, std::pair(environment, action)),
                    {{"fleet", name}, {"environment", environment}, {"action", word_of(action)}});
    }
  }
  text.family("lamplighter_execution_duration_seconds", "histogram",
              "How long executions of a fleet took, from their start to their end.");
  for (const auto& [name, fleet] : fleets_) {
    if (name.empty()) continue;
    for (const tasks::Action action : kActions)
      value_or_default(fleet.durations, action).show(text, {{"fleet", name}, {"action", word_of(action)}});
  }
}

}  // namespace lamplighter::run
