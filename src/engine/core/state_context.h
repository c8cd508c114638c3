// All that a kind of state may do, and all that it may see: the narrow door between the kinds (states/) and
// the core. One serves one call of the core.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "asl/definition.h"
#include "engine/core/evaluate.h"
#include "engine/core/execution_state.h"
#include "engine/core/failure.h"
#include "engine/core/identity.h"
#include "engine/core/step.h"
#include "engine/core/strand.h"
#include "engine/core/timeline.h"

namespace lamplighter::engine {

/// What an event may have beside its details.
struct Beside {
  json::object note = {};             ///< what a rebuild needs
  Payload payload = {};               ///< what flows: its text is the event's
  const asl::State* state = nullptr;  ///< that is entered
  std::optional<std::int64_t> previous =
      std::nullopt;  ///< the event that it follows, where that isn't its strand's last
};

/// By which fields a state is left. What is referred to must outlive the call.
struct Exit {
  const std::optional<asl::Template>& output;
  const asl::Assignments& assign;
  const asl::State* next;               ///< nullptr at the end
  Payload otherwise;                    ///< what goes on where there is no Output
  const json::value* result = nullptr;  ///< $states.result
  const json::value* error = nullptr;   ///< $states.errorOutput
};

/// A result that exceeds the service's limit, or that nests too deep.
Failure size_failure(const Strand& strand);
Failure depth_failure(const Strand& strand);

/// For one call, on one thread. Keeps references to what it is made of.
class StateContext {
 public:
  StateContext(const Identity& identity, ExecutionState& state, const Now& now)
      : identity_(identity), state_(state), now_(now) {}

  // What it sees.
  [[nodiscard]] const Identity& identity() const { return identity_; }
  [[nodiscard]] const Now& now() const { return now_; }
  [[nodiscard]] const Strand& strand(StrandId id) const { return std::as_const(state_).strand(id); }
  [[nodiscard]] std::vector<StrandId> children_of(StrandId parent) const {
    return state_.children_of(parent);
  }
  /// The id that the next iteration will have.
  [[nodiscard]] StrandId next_strand() const { return state_.next_strand(); }
  /// What a state's expressions see. nullptr: there is no result, no error.
  [[nodiscard]] Surroundings surroundings(const Strand& strand, const json::value* result,
                                          const json::value* error) const;
  [[nodiscard]] Evaluator evaluator(const Strand& strand, const json::value* result = nullptr,
                                    const json::value* error = nullptr) const;
  /// $states.context
  [[nodiscard]] json::value context_object(const Strand& strand) const;

  // What it does.
  /// Appends an event, and takes it into the state. Throws HistoryFull where the history has no room.
  void append(StrandId id, EventType type, json::object details = {}, Beside beside = {});
  /// The same with what only a rebuild reads.
  void note(StrandId id, EventType type, json::object note);
  /// Asks for a task.
  void ask(TaskRequest request) { step_.tasks.push_back(std::move(request)); }

  void enter(StrandId id, const asl::State& state, const Payload& input,
             std::optional<std::int64_t> previous = std::nullopt);
  /// Leaves the state by its own Output and Assign, with its result; nullptr: it has none.
  void complete(const Strand& strand, const Payload& result);
  void leave(const Strand& strand, const Exit& exit);

  /// The state has failed: its Retry, its Catch, or the one around it take over.
  void fail(const Strand& strand, const Failure& failure);
  /// The same for an expression without a usable value.
  void fail(const Strand& strand, const EvaluationFailure& why);

  // For the core.
  [[nodiscard]] Step& step() { return step_; }

 private:
  // state_context.cc
  void close(const Strand& strand, const Payload& output, json::object assigned, const asl::State* next);
  [[nodiscard]] bool fit(const Strand& strand, const json::object& assigned) const;

  // state_failure.cc
  Failure tell(const Strand& strand, const EvaluationFailure& why);
  bool retry(const Strand& strand, const Failure& failure);
  bool handle(const Strand& strand, const Failure& failure);
  void propagate(StrandId id, const Failure& failure);

  const Identity& identity_;
  ExecutionState& state_;
  SharedText last_text_;  ///< that an event has
  const Now now_;
  Step step_;
};

}  // namespace lamplighter::engine
