// A kind of state: how it behaves from its entry to its exit. A file a kind stands beside this one; what a
// kind does goes through its context, what its events mean goes into the execution's state.
#pragma once

#include "asl/definition.h"
#include "engine/core/event.h"
#include "engine/core/failure.h"
#include "engine/core/payload.h"
#include "engine/core/strand.h"

namespace lamplighter::engine {

class ExecutionState;
class StateContext;

/// Stateless: one of each serves all executions and threads.
class StateKind {
 public:
  StateKind(const StateKind&) = delete;
  StateKind& operator=(const StateKind&) = delete;

  /// The state was entered, or is tried again: goes on to its exit, or to where it has to wait.
  virtual void run(StateContext& context, const Strand& strand) const = 0;
  /// What it waited for has come due.
  virtual void wake(StateContext& /*context*/, const Strand& /*strand*/) const {}
  /// It has failed, or is to be tried again: what runs within it is given up.
  virtual void abandon(StateContext& /*context*/, const Strand& /*strand*/) const {}

  /// Takes in an event that only this kind has. Throws (std::exception) one that it can't have.
  virtual void apply(ExecutionState& state, Strand& strand, const Event& event, const Payload& payload) const;

  // Of those that have branches or iterations:
  /// Whether the exit of a child's last state ends the child; else an event of its own does.
  [[nodiscard]] virtual bool ends_child_at_exit() const { return false; }
  /// The child has left its last state.
  virtual void child_left(StateContext& /*context*/, StrandId /*parent*/, StrandId /*child*/) const {}
  /// The child has failed.
  virtual void child_failed(StateContext& /*context*/, StrandId /*child*/, const Failure& /*why*/) const {}

 protected:
  constexpr StateKind() = default;
  ~StateKind() = default;
};

const StateKind& task_kind();
const StateKind& pass_kind();
const StateKind& choice_kind();
const StateKind& wait_kind();
const StateKind& parallel_kind();
const StateKind& map_kind();
const StateKind& succeed_kind();
const StateKind& fail_kind();

/// The kind of the state that a strand is in. Throws (std::exception) where it is in none.
const StateKind& kind_of(const Strand& strand);

}  // namespace lamplighter::engine
