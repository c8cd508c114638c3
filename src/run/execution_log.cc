#include "run/execution_log.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "run/event_feed.h"
#include "run/heir.h"
#include "run/past.h"
#include "run/progress.h"
#include "run/started_by.h"

namespace lamplighter::run {
namespace {

/// How many of a machine's past executions are asked for their environments' last success.
constexpr std::size_t kPastAsked = 20;
constexpr std::size_t kNamesShown = 20;

std::string name_of(const std::string& arn) { return arn.substr(arn.rfind(':') + 1); }

/// "a, b and 3 more".
std::string list(const std::vector<std::string>& names) {
  const std::size_t shown = std::min(names.size(), kNamesShown);
  const std::string text =
      fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  return names.size() == shown ? text : fmt::format("{} and {} more", text, names.size() - shown);
}

/// Which environments are ready, which were skipped, and which halted, where; by the report's look, if there
/// is one.
struct Results {
  std::vector<std::string> ready;
  std::vector<std::string> skipped;
  std::vector<std::string> halted;  ///< "test (in db)"
};

Results results_of(const Progress& progress) {
  Results results;
  if (const auto report = progress.report()) {
    for (const tasks::ReportedEnvironment& one : report->environments) {
      if (one.skipped) results.skipped.push_back(one.name);
      if (!one.halted && !one.skipped) results.ready.push_back(one.name);
      if (one.halted)
        results.halted.push_back(one.name + (one.phase.empty() ? "" : " (in " + one.phase + ")"));
    }
    return results;
  }
  for (const EnvironmentProgress& one : progress.now().environments) {
    if (one.status == EnvironmentProgress::Status::ready) results.ready.push_back(one.name);
    if (one.status == EnvironmentProgress::Status::skipped) results.skipped.push_back(one.name);
    if (one.status == EnvironmentProgress::Status::halted) results.halted.push_back(one.name);
  }
  return results;
}

std::string words_of(const Results& results) {
  std::string text;
  if (!results.ready.empty()) text += "; ready: " + list(results.ready);
  if (!results.skipped.empty()) text += "; skipped: " + list(results.skipped);
  if (!results.halted.empty()) text += "; halted: " + list(results.halted);
  return text;
}

/// All that an execution's history tells; nullptr for a machine of another's making, or one that is damaged.
std::unique_ptr<Progress> story_of(engine::Executions& engine, const engine::Execution& execution) {
  auto progress = progress_of(engine, execution);
  if (!progress || !EventFeed(engine, execution.arn, **progress).ask()) return nullptr;
  return *std::move(progress);
}

std::string detail(const engine::Event& event, std::string_view key) {
  return get_string(json::value(event.details), key);
}

/// The branch's end of an environment that halted looks so; whether it is one, its reader says.
bool may_be_halted_branch(const engine::Event& event) {
  return event.type == engine::EventType::pass_state_exited && event.payload != nullptr &&
         event.payload->find("\"halted\"") != std::string::npos;
}

bool begins_to_wait_for_alarms(const engine::Event& event) {
  return event.type == engine::EventType::task_state_entered && detail(event, "name") == "Unmute alarms";
}

}  // namespace

ExecutionLog::ExecutionLog(engine::Engine& engine, Log& log, Figures& figures)
    : engine_(engine), log_(log), figures_(figures), thread_([this] { run(); }) {
  subscription_ = engine.subscribe([this](const engine::Appended& appended) { note(appended); });
}

ExecutionLog::~ExecutionLog() {
  subscription_ = {};
  {
    const MutexLock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

/// On the engine's thread.
void ExecutionLog::note(const engine::Appended& appended) {
  std::vector<Item> found;
  const auto add = [&](What what, engine::SharedText payload = nullptr) {
    found.push_back({what, std::string(appended.execution_arn), std::move(payload)});
  };
  for (const engine::Event& event : appended.events) {
    const auto kind = engine::kind_of(event.type);
    if (kind == engine::EventKind::execution_started) add(What::started);
    if (kind == engine::EventKind::execution_ended) add(What::ended);
    if (may_be_halted_branch(event)) add(What::branch_ended, event.payload);
    if (begins_to_wait_for_alarms(event)) add(What::reported);
  }
  if (found.empty()) return;
  const MutexLock lock(mutex_);
  if (items_.size() >= kMostWaiting) return;
  std::move(found.begin(), found.end(), std::back_inserter(items_));
  changed_.notify_all();
}

void ExecutionLog::run() {
  learn_from_past();
  MutexLock lock(mutex_);
  while (true) {
    while (items_.empty() && !ending_) lock.wait(changed_);
    if (items_.empty()) return;
    const Item item = std::move(items_.front());
    items_.pop_front();
    lock.unlock();
    tell(item);
    lock.lock();
  }
}

bool ExecutionLog::is_ending() {
  const MutexLock lock(mutex_);
  return ending_;
}

void ExecutionLog::tell(const Item& item) {
  if (item.what == What::branch_ended) return tell_branch(item);
  const auto execution = engine_.describe_execution(item.arn);
  if (!execution) return;  // deleted meanwhile, or the disk fails, which the engine says
  if (item.what == What::started) return tell_start(*execution);
  const bool told = reported_.contains(item.arn);
  if (item.what == What::reported && told) return;
  const auto progress = story_of(engine_, *execution);
  if (progress && !told) tell_report(*execution, *progress);
  if (item.what == What::reported) return (void)reported_.insert(item.arn);
  tell_end(*execution, progress.get());
  reported_.erase(item.arn);
}

void ExecutionLog::tell_start(const engine::Execution& execution) {
  figures_.execution_started();
  const std::string by = starter_of(execution);
  say(LogEvent::execution_started, execution.arn,
      fmt::format("{}: started{}{}", execution.name, by.empty() ? "" : " by ", by));
}

void ExecutionLog::tell_branch(const Item& item) {
  const auto output = parse_json(*item.payload);
  const auto end = output ? tasks::read_branch_end(*output) : tl::unexpected(output.error());
  if (!end || !end->halted) return;
  say(LogEvent::environment_halted, item.arn,
      fmt::format("{}: {} halted{}: {}", name_of(item.arn), end->environment,
                  end->phase.empty() ? "" : " in " + end->phase, end->reason),
      end->environment);
}

/// What is known once the report is out, or there will be none.
void ExecutionLog::tell_report(const engine::Execution& execution, const Progress& progress) {
  learn(execution, progress);
  for (const auto& notified : progress.notified()) {
    if (!notified.is_trouble()) continue;
    say(LogEvent::mail_not_sent, execution.arn,
        fmt::format("{}: {}", execution.name, tasks::trouble_words(notified)));
  }
}

void ExecutionLog::tell_end(const engine::Execution& execution, const Progress* progress) {
  figures_.execution_ended(machine_of(execution.arn), execution);
  const bool well = execution.status == engine::ExecutionStatus::succeeded;
  std::string words = fmt::format("{}: {}", execution.name, to_string(execution.status));
  if (progress != nullptr) {
    words += words_of(results_of(*progress));
  } else if (!well) {
    words += fmt::format("; {}: {}", execution.error.value_or(""), execution.cause.value_or(""));
  }
  say(well ? LogEvent::execution_ended : LogEvent::execution_failed, execution.arn, std::move(words));
  const auto unmuting = progress != nullptr ? progress->unmuting() : std::nullopt;
  if (!unmuting || unmuting->left.empty() || !heir_of(engine_, execution).empty()) return;
  say(LogEvent::alarms_left_muted, execution.arn,
      fmt::format("{}: alarms stay muted: {}", execution.name, list(unmuting->left)));
}

void ExecutionLog::learn_from_past() {
  std::string token;
  do {
    const auto machines = engine_.list_state_machines(1'000, token);
    if (!machines) return;
    for (const engine::StateMachine& machine : machines->items) {
      if (const auto known = figures_.machine_of(machine.name)) learn_from_past(machine.arn, *known);
    }
    token = machines->next;
  } while (!token.empty());
}

void ExecutionLog::learn_from_past(const std::string& machine_arn, const FleetMachine& machine) {
  engine::ListExecutions request;
  request.state_machine_arn = machine_arn;
  request.max = kPastAsked;
  const auto past = engine_.list_executions(request);
  if (!past) return;
  for (const engine::Execution& one : past->items) {
    if (is_ending() || figures_.without_success(machine).empty()) return;
    const auto execution = engine_.describe_execution(one.arn);
    if (!execution || !execution->ended) continue;
    if (const auto progress = story_of(engine_, *execution)) learn(*execution, *progress);
  }
}

void ExecutionLog::learn(const engine::Execution& execution, const Progress& progress) {
  const auto machine = machine_of(execution.arn);
  if (!machine) return;
  const Time ended = progress.now().ended.value_or(execution.ended.value_or(execution.started));
  for (const std::string& environment : results_of(progress).ready)
    figures_.environment_succeeded(*machine, environment, ended);
}

/// "arn:…:execution:MACHINE:NAME".
std::optional<FleetMachine> ExecutionLog::machine_of(const std::string& execution_arn) const {
  const std::string machine = execution_arn.substr(0, execution_arn.rfind(':'));
  return figures_.machine_of(name_of(machine));
}

void ExecutionLog::say(LogEvent event, const std::string& arn, std::string message,
                       std::string environment) const {
  const auto machine = machine_of(arn);
  log_.write(
      {event, std::move(message), name_of(arn), machine ? machine->fleet : "", std::move(environment)});
}

}  // namespace lamplighter::run
