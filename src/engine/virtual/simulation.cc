#include "engine/virtual/simulation.h"

#include <deque>
#include <map>

#include <fmt/format.h>

#include "asl/parse.h"
#include "base/random.h"
#include "engine/core/arn.h"
#include "engine/core/execution.h"
#include "engine/core/timeline.h"

namespace lamplighter::engine {
namespace {

/// One run. The history is all that outlives a crash.
class Simulation {
 public:
  Simulation(std::shared_ptr<const asl::StateMachine> definition, Identity identity, SimulationClock& clock,
             TaskRunner& runner, const SimulationOptions& options)
      : definition_(std::move(definition)),
        identity_(std::move(identity)),
        clock_(clock),
        timeline_(std::in_place, clock, skew_),
        runner_(runner),
        options_(options),
        core_(std::make_unique<ExecutionCore>(definition_, identity_)) {}

  Status begin(const Payload& input) {
    started_ = clock_.now();
    input_ = input;
    while (!TRY(commit(core_->start(input, now())))) {
    }
    return {};
  }

  [[nodiscard]] bool is_over() const { return core_->outcome().has_value(); }
  /// When it has something to do. Error: internal "Stuck".
  [[nodiscard]] Result<Time> next() const {
    if (const auto next = next_moment()) return *next;
    return fail(ErrorKind::internal, "Stuck", "the execution waits for nothing");
  }

  /// Does it: next() has come.
  Status turn() {
    if (timeline_->was_set(now())) skew_ = timeline_->notice(now());
    CHECK_OK(commit(take_turn()));
    return {};
  }

  Status stop() {
    while (!TRY(commit(core_->stop({}, now())))) {
    }
    return {};
  }

  SimulationResult result() {
    SimulationResult out;
    out.execution = describe(identity_, started_, input_->text, *core_->outcome());
    for (auto& event : history_) {
      if (!event.is_note()) out.events.push_back(std::move(event));
    }
    return out;
  }

 private:
  struct Completion {
    std::uint64_t task_id;
    TaskResult result;
  };

  /// The line of the engine is the clock's own: no time passes between two processes.
  [[nodiscard]] Now now() const { return timeline_->now(); }

  std::optional<Time> next_moment() const {
    if (!to_run_.empty() || core_->is_ready()) return clock_.line();
    auto next = core_->next_due(now());
    if (!completions_.empty() && (!next || completions_.begin()->first <= *next))
      next = completions_.begin()->first;
    return next;
  }

  /// A task that ends in the very moment of its timeout has made it.
  Step take_turn() {
    if (!to_run_.empty()) {
      beginning_ = true;
      return core_->begin_task(to_run_.front().task_id, now());
    }
    if (core_->is_ready()) return core_->proceed(now());
    if (completions_.empty() || completions_.begin()->first > clock_.line()) return core_->pass_time(now());
    taken_ = completions_.extract(completions_.begin());
    return core_->finish_task(taken_.mapped().task_id, taken_.mapped().result, now());
  }

  /// Append, then act. False: the journal failed, and nothing of the step has happened.
  Result<bool> commit(Step step) {
    const bool began = std::exchange(beginning_, false);
    auto taken = std::exchange(taken_, {});
    if (options_.journal && !step.events.empty() && !options_.journal->append(step.events)) {
      // What a task gave is taken in again; the tasks that are being run go on.
      if (taken) completions_.insert(completions_.begin(), std::move(taken));
      CHECK_OK(rebuild());
      return false;
    }
    std::optional<TaskRequest> begun;
    if (began) {
      begun = std::move(to_run_.front());
      to_run_.pop_front();
    }
    if (options_.observer && !step.events.empty()) tell(step.events);
    for (auto& event : step.events) history_.push_back(std::move(event));
    if (!step.events.empty() && options_.crash_after_commit && options_.crash_after_commit()) {
      CHECK_OK(crash());
    } else {
      if (begun) run_task(*std::move(begun));
      for (auto& task : step.tasks) to_run_.push_back(std::move(task));
    }
    return true;
  }

  void tell(const std::vector<Event>& events) const {
    std::vector<Event> shown;
    for (const auto& event : events) {
      if (!event.is_note()) shown.push_back(event);
    }
    options_.observer({identity_.arn, shown});
  }

  Status crash() {
    completions_.clear();
    to_run_.clear();
    clock_.begin_process();
    timeline_.emplace(clock_, skew_);
    CHECK_OK(rebuild());
    for (auto& task : core_->tasks_in_flight(now())) to_run_.push_back(std::move(task));
    return {};
  }

  Status rebuild() {
    core_ = std::make_unique<ExecutionCore>(definition_, identity_);
    if (options_.journal) {
      CHECK_OK(
          options_.journal->read([&](const std::vector<Event>& events) { return core_->restore(events); }));
    } else {
      CHECK_OK(core_->restore(TRY(read_records(write_records(history_)))));
    }
    return core_->finish_restoring();
  }

  /// Every task begins at once; its end comes when it has slept for as long as it takes.
  void run_task(TaskRequest task) {
    task.begun = now().steady;
    clock_.take_offset();
    auto result = run_guarded(runner_, task);
    completions_.emplace(clock_.now_before_offset() + clock_.take_offset(),
                         Completion{task.task_id, std::move(result)});
  }

  std::shared_ptr<const asl::StateMachine> definition_;
  Identity identity_;
  SimulationClock& clock_;
  Duration skew_{0};  ///< outlives a crash too
  std::optional<Timeline> timeline_;
  TaskRunner& runner_;
  const SimulationOptions& options_;
  std::unique_ptr<ExecutionCore> core_;
  Time started_{};
  Payload input_;
  std::vector<Event> history_;
  std::deque<TaskRequest> to_run_;
  bool beginning_ = false;  ///< the step that is not yet on disk begins the first of them
  std::multimap<Time, Completion> completions_;
  std::multimap<Time, Completion>::node_type taken_;  ///< by the step that is not yet on disk
};

Identity identity_of(const SimulationOptions& options) {
  const Arns arns{"aws", "us-east-1", "123456789012"};
  return {arns.execution(options.state_machine, options.execution),
          options.execution,
          arns.state_machine(options.state_machine),
          options.state_machine,
          arns.role("simulation"),
          arns.region,
          Random(options.seed).next()};
}

/// What is to run. Error: as simulate().
Result<std::pair<std::shared_ptr<const asl::StateMachine>, Payload>> read(std::string_view definition,
                                                                          const json::value& input) {
  auto parsed = asl::parse(definition);
  if (!parsed.definition)
    return fail(ErrorKind::bad_input, "InvalidDefinition", asl::summary(parsed.diagnostics));
  auto payload = make_payload(input);
  if (payload->text.size() > kMaxPayloadBytes) {
    return fail(ErrorKind::bad_input, "InvalidExecutionInput",
                fmt::format("the input is larger than {} bytes", kMaxPayloadBytes));
  }
  return std::pair(std::shared_ptr<const asl::StateMachine>(parsed.definition), std::move(payload));
}

/// The one that is next of those that are not over; nullptr where all are. Error: one is stuck.
Result<Simulation*> earliest(const std::vector<std::unique_ptr<Simulation>>& running) {
  Simulation* first = nullptr;
  for (const auto& one : running) {
    if (one->is_over()) continue;
    if (first == nullptr || TRY(one->next()) < TRY(first->next())) first = one.get();
  }
  return first;
}

}  // namespace

Result<SimulationResult> simulate(std::string_view definition, const json::value& input,
                                  SimulationClock& clock, TaskRunner& runner,
                                  const SimulationOptions& options) {
  const auto [machine, payload] = TRY(read(definition, input));
  Simulation simulation(machine, identity_of(options), clock, runner, options);
  CHECK_OK(simulation.begin(payload));
  while (!simulation.is_over()) {
    const Time next = TRY(simulation.next());
    const bool go_on = next <= clock.line() || !options.before_advance || options.before_advance(next);
    if (!go_on) {
      CHECK_OK(simulation.stop());
      break;
    }
    clock.advance_to(next);
    CHECK_OK(simulation.turn());
  }
  return simulation.result();
}

Result<std::vector<SimulationResult>> simulate_together(const std::vector<SimulatedStart>& starts,
                                                        SimulationClock& clock, TaskRunner& runner) {
  std::vector<std::unique_ptr<Simulation>> running;
  for (auto to_start = starts.begin(); true;) {
    Simulation* const next = TRY(earliest(running));
    if (to_start != starts.end() && (next == nullptr || to_start->at <= TRY(next->next()))) {
      clock.advance_to(to_start->at);
      const auto [machine, payload] = TRY(read(to_start->definition, to_start->input));
      running.push_back(std::make_unique<Simulation>(machine, identity_of(to_start->options), clock, runner,
                                                     to_start->options));
      CHECK_OK(running.back()->begin(payload));
      ++to_start;
    } else if (next != nullptr) {
      clock.advance_to(TRY(next->next()));
      CHECK_OK(next->turn());
    } else {
      break;
    }
  }
  std::vector<SimulationResult> results;
  for (const auto& one : running) results.push_back(one->result());
  return results;
}

}  // namespace lamplighter::engine
