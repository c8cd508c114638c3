// The core: what Step Functions does with one execution, as a pure function of (history so far, new event) to
// (events to append, tasks to run). No clock, thread, socket or database: a driver commits the events and
// only then runs the tasks and sets the timer. All state is a fold of the events (apply), so an execution is
// rebuilt from its history, on any machine, at any commit.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "asl/definition.h"
#include "base/clock.h"
#include "base/result.h"
#include "engine/core/event.h"
#include "engine/core/failure.h"
#include "engine/core/records.h"
#include "engine/core/strand.h"
#include "engine/core/task_runner.h"
#include "engine/core/timeline.h"

namespace lamplighter::engine {

/// What stays the same during an execution.
struct Identity {
  std::string arn;
  std::string name;
  std::string state_machine_arn;
  std::string state_machine_name;
  std::string role_arn;
  std::string region;
  std::uint64_t seed = 0;  ///< for $random(), $uuid() and jitter
};

/// What one call led to. Commit `events` before anything else is done.
struct Step {
  std::vector<Event> events;
  std::vector<TaskRequest> tasks;  ///< to be run
  bool more = false;               ///< call proceed() again, after others had their turn
  std::size_t bytes = 0;           ///< of the events' payloads, about

  /// Takes in what followed it.
  void append(Step next);
};

/// How an execution ended.
struct Outcome {
  std::string type;  ///< "ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"
  Time time{};
  std::string output;  ///< JSON text, of a success
  Failure failure;
};

ExecutionStatus status_of(const Outcome& outcome);

/// An execution as describe_execution gives it, from its parts.
Execution describe(const Identity& identity, Time started, std::string input,
                   const std::optional<Outcome>& outcome);

/// What a live event's maker has at hand; a rebuild reads it from the event.
struct Known {
  Payload payload;
  const asl::State* state = nullptr;
};

/// For one thread at a time. Bounded: a call makes at most some hundred transitions, and a history has at
/// most 25,000 events. An expression may take its second, though: where may_evaluate() says so, start(),
/// begin_task() and stop() still answer at once, and the other calls are for a thread that may be kept.
class ExecutionCore {
 public:
  ExecutionCore(std::shared_ptr<const asl::StateMachine> definition, Identity identity);

  Step start(const Payload& input, Now now);
  /// Carries on what can go on without waiting: after `more`, and after a rebuild.
  Step proceed(Now now);
  /// A task has begun: its timeout runs. One that had begun before, or is not awaited any more, changes
  /// nothing. `begun` may be somewhat in the past.
  Step begin_task(std::uint64_t task_id, Now begun);
  /// A task's end. One that is not awaited any more changes nothing.
  Step finish_task(std::uint64_t task_id, const TaskResult& result, Now now);
  /// Time has come to `now`: timers that are due go off.
  Step pass_time(Now now);
  Step stop(const Failure& failure, Now now);

  /// Asked between two states: true lets the call end early, with `more`.
  void give_way_when(std::function<bool()> enough) { enough_ = std::move(enough); }

  /// Rebuilds: takes in events of the history, in their order. Error: internal "DatabaseCorrupted".
  Status restore(const std::vector<Event>& events);
  /// After the last of them. Error: the same.
  Status finish_restoring();
  /// After a rebuild: the tasks that were running, or were to be run.
  [[nodiscard]] std::vector<TaskRequest> tasks_in_flight(Now now) const;

  [[nodiscard]] bool may_evaluate() const { return may_evaluate_; }
  [[nodiscard]] bool has_tasks() const { return !tasks_.empty(); }
  [[nodiscard]] bool awaits(std::uint64_t task_id) const {
    return tasks_.contains(static_cast<std::int64_t>(task_id));
  }
  [[nodiscard]] Time started() const { return started_; }
  /// About how many bytes it takes in memory.
  [[nodiscard]] std::size_t weight() const;

  [[nodiscard]] bool is_ready() const { return !outcome_ && !ready_.empty(); }
  /// When pass_time() is to be called next: on the engine's timeline, as the wall clock stands at `now`.
  [[nodiscard]] std::optional<Time> next_due(Now now) const;
  [[nodiscard]] const std::optional<Outcome>& outcome() const { return outcome_; }
  [[nodiscard]] std::int64_t last_event_id() const { return last_id_; }
  [[nodiscard]] const Identity& identity() const { return identity_; }

 private:
  /// What a Task state is about to ask for.
  struct TaskPlan {
    Payload arguments;
    json::object details;  ///< of its Scheduled event
    json::object note;
  };

  // execution.cc: the driver's calls
  template <class Work>
  Step guarded(Now now, Work work);
  template <class Work>
  Status restoring(Work work);
  void run();
  Step take_step();
  [[nodiscard]] std::optional<std::pair<Time, StrandId>> next_timer(Now now) const;
  void fire(StrandId id);
  void end_from_outside(std::string type, json::object details);
  [[nodiscard]] std::optional<Time> execution_deadline() const;

  // execution_apply.cc: the fold
  static void read_late(Payload& payload);
  void emit(StrandId id, std::string type, json::object details, json::object note = {},
            const Known& known = {}, std::optional<std::int64_t> previous = std::nullopt);
  void note(StrandId id, std::string type, json::object note);
  void apply(const Event& event, const Known& known);
  bool apply_execution(const Event& event, const Payload& payload);
  bool apply_state(Strand& strand, const Event& event, const Known& known);
  bool apply_task(Strand& strand, const Event& event, const Payload& payload);
  void apply_group(Strand& strand, const Event& event);
  void apply_exit(Strand& strand, const Event& event, const Payload& payload);
  void start_branches(Strand& parent, const Event& event);
  void start_map(Strand& parent, const Event& event);
  void start_iteration(const Event& event);
  void end_child(const Strand& child, Payload result, const Event& event);
  Strand& add_strand(StrandId parent, std::size_t slot, const asl::States& states, std::int64_t previous);
  void end_group(Strand& parent);
  void erase_strand(StrandId id);
  void set_phase(Strand& strand, Phase phase, std::optional<Due> due = std::nullopt);
  void set_due(Strand& strand, std::optional<Due> due);

  // execution_states.cc: what each state does
  void enter(StrandId id, const asl::State& state, const Payload& input,
             std::optional<std::int64_t> previous = std::nullopt);
  void run_state(StrandId id);
  void run_pass(Strand& strand);
  void run_choice(Strand& strand);
  void run_wait(Strand& strand);
  [[nodiscard]] Evaluated<Due> wait_end(const Strand& strand) const;
  void run_fail(Strand& strand);
  void complete(Strand& strand, const Payload& result);
  void leave(Strand& strand, const std::optional<asl::Template>& output, const asl::Assignments& assign,
             const asl::State* next, const Payload& otherwise, const json::value* result,
             const json::value* error);
  void exit(const Strand& strand, const Payload& output, json::object assigned, const asl::State* next);
  [[nodiscard]] bool fit(const Strand& strand, const json::object& assigned) const;
  void finish(StrandId id);
  [[nodiscard]] Surroundings surroundings(const Strand& strand, const json::value* result,
                                          const json::value* error) const;
  [[nodiscard]] Evaluator evaluator(const Strand& strand, const json::value* result = nullptr,
                                    const json::value* error = nullptr) const;
  [[nodiscard]] json::value context(const Strand& strand) const;
  static json::object map_item(std::size_t index, const json::value& value);

  // execution_tasks.cc: Task states
  void run_task(Strand& strand);
  [[nodiscard]] Evaluated<TaskPlan> plan_task(const Strand& strand) const;
  [[nodiscard]] TaskRequest task_request(const Strand& strand, Now now) const;
  void start_task(const Strand& strand);
  void end_task(Strand& strand, const TaskResult& result);
  void fail_task(Strand& strand, Failure failure, std::string_view how);
  void time_out(Strand& strand);
  static bool is_bare_lambda(const asl::State& state);

  // execution_groups.cc: Parallel and Map states
  void run_parallel(Strand& strand);
  void run_map(Strand& strand);
  [[nodiscard]] Evaluated<json::object> plan_map(const Strand& strand) const;
  void start_iterations(StrandId map, std::optional<std::int64_t> freed);
  [[nodiscard]] Evaluated<Payload> iteration_input(const Strand& map, std::size_t index) const;
  void complete_group(StrandId id);
  void fail_iteration(const Strand& child, const Failure& failure);
  void abort_children(StrandId parent, std::optional<StrandId> failed);
  void abort_strand(const Strand& strand, bool failed);
  static bool exceeds_tolerance(const Group& group);
  [[nodiscard]] std::vector<StrandId> children_of(StrandId parent) const;

  // execution_errors.cc: retry and catch
  void fail_evaluation(Strand& strand, const EvaluationFailure& why, bool catchable = true);
  void fail_size(Strand& strand);
  static Failure size_failure(const Strand& strand);
  static Failure depth_failure(const Strand& strand);
  void fail_state(Strand& strand, const Failure& failure);
  bool retry(const Strand& strand, const Failure& failure);
  [[nodiscard]] Duration retry_delay(const Strand& strand, const asl::Retrier& retrier,
                                     std::int64_t attempt) const;
  void try_again(Strand& strand);
  bool handle(Strand& strand, const Failure& failure);
  void propagate(StrandId id, const Failure& failure);

  Strand& strand(StrandId id) { return strands_.at(id); }

  std::shared_ptr<const asl::StateMachine> definition_;
  Identity identity_;
  bool may_evaluate_;
  std::function<bool()> enough_;

  // The state: a fold of the events.
  std::int64_t last_id_ = 0;
  Time started_{};
  Time started_steady_{};
  Time last_steady_{};  ///< of the last event
  Payload input_;
  std::optional<Outcome> outcome_;
  StrandId next_strand_ = 0;
  std::map<StrandId, Strand> strands_;
  std::size_t variable_bytes_ = 0;               ///< of all strands' variables, as JSON text
  std::map<std::int64_t, StrandId> ready_;       ///< by entered_id: first entered, first run
  std::set<std::pair<Time, StrandId>> timers_;   ///< durations' ends, on the engine's timeline
  std::set<std::pair<Time, StrandId>> moments_;  ///< what the wall clock is to show
  std::map<std::int64_t, StrandId> tasks_;       ///< by task id

  // Of the call that is being served.
  Now now_;
  Step step_;
};

}  // namespace lamplighter::engine
