// The core: what Step Functions does with one execution, as a pure function of (history so far, new event) to
// (events to append, tasks to run). No clock, thread, socket or database: a driver commits the events and
// only then runs the tasks and sets the timer. All state is a fold of the events (execution_state.h), so an
// execution is rebuilt from its history, on any machine, at any commit. What each kind of state does is in
// states/.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "asl/definition.h"
#include "base/clock.h"
#include "base/result.h"
#include "engine/core/event.h"
#include "engine/core/execution_state.h"
#include "engine/core/failure.h"
#include "engine/core/identity.h"
#include "engine/core/outcome.h"
#include "engine/core/step.h"
#include "engine/core/task_runner.h"
#include "engine/core/timeline.h"

namespace lamplighter::engine {

class StateContext;

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
  /// After a rebuild: the tasks that were running, or were to be run. What the history says is not enough to
  /// tell the two apart (that a task has begun is told later), so each may have been run.
  [[nodiscard]] std::vector<TaskRequest> tasks_in_flight(Now now) const;

  [[nodiscard]] bool may_evaluate() const { return may_evaluate_; }
  [[nodiscard]] bool has_tasks() const { return !state_.tasks().empty(); }
  [[nodiscard]] bool awaits(std::uint64_t task_id) const {
    return state_.tasks().contains(static_cast<std::int64_t>(task_id));
  }
  [[nodiscard]] Time started() const { return state_.started(); }
  /// About how many bytes it takes in memory.
  [[nodiscard]] std::size_t weight() const { return state_.weight(); }

  [[nodiscard]] bool is_ready() const { return !state_.outcome() && !state_.ready().empty(); }
  /// When pass_time() is to be called next: on the engine's timeline, as the wall clock stands at `now`.
  [[nodiscard]] std::optional<Time> next_due(Now now) const;
  [[nodiscard]] const std::optional<Outcome>& outcome() const { return state_.outcome(); }
  [[nodiscard]] std::int64_t last_event_id() const { return state_.last_id(); }
  [[nodiscard]] const Identity& identity() const { return identity_; }

 private:
  template <class Work>
  Step guarded(Now now, Work work);
  template <class Work>
  Status restoring(Work work);
  void run(StateContext& context);
  void fire(StateContext& context, StrandId id);
  [[nodiscard]] const Strand* strand_of_task(std::uint64_t task_id) const;
  [[nodiscard]] std::optional<Time> execution_deadline() const;

  std::shared_ptr<const asl::StateMachine> definition_;
  Identity identity_;
  bool may_evaluate_;
  std::function<bool()> enough_;
  ExecutionState state_;
};

}  // namespace lamplighter::engine
