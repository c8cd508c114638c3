// Where an execution stands: a fold of its events. Nothing else changes it, so that a rebuild from the
// history gives the same. What an event means to one kind of state is in that kind's file (states/).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "asl/definition.h"
#include "base/clock.h"
#include "engine/core/event.h"
#include "engine/core/outcome.h"
#include "engine/core/payload.h"
#include "engine/core/strand.h"
#include "engine/core/timeline.h"

namespace lamplighter::engine {

/// What a live event's maker has at hand; a rebuild reads it from the event.
struct Known {
  Payload payload;
  const asl::State* state = nullptr;
};

/// What a Parallel or Map state knows of its children. Throws (std::exception) where it has none.
Group& group_of(Strand& strand);

/// For one thread at a time. Keeps a reference to the definition.
class ExecutionState {
 public:
  using Timer = std::pair<Time, StrandId>;

  explicit ExecutionState(const asl::StateMachine& definition) : definition_(definition) {}

  /// Takes an event in. Throws (std::exception) one that does not fit the definition or what came before.
  void apply(const Event& event, const Known& known);
  /// After a rebuild: reads the payloads that are still needed. A history may hold thousands of large ones.
  /// Throws as apply().
  void finish_restoring();

  [[nodiscard]] std::int64_t last_id() const { return last_id_; }
  [[nodiscard]] Time started() const { return started_; }
  /// These two are on the engine's timeline.
  [[nodiscard]] Time started_steady() const { return started_steady_; }
  [[nodiscard]] Time last_steady() const { return last_steady_; }
  [[nodiscard]] const Payload& input() const { return input_; }
  [[nodiscard]] const std::optional<Outcome>& outcome() const { return outcome_; }
  /// Of all strands' variables, as JSON text.
  [[nodiscard]] std::size_t variable_bytes() const { return variable_bytes_; }
  /// By task id.
  [[nodiscard]] const std::map<std::int64_t, StrandId>& tasks() const { return tasks_; }
  /// By the event of their entry: first entered, first run.
  [[nodiscard]] const std::map<std::int64_t, StrandId>& ready() const { return ready_; }
  /// The first of all timers, on the engine's timeline.
  [[nodiscard]] std::optional<Timer> next_timer(const Now& now) const;

  /// An execution that has ended has no strands.
  [[nodiscard]] bool has_strands() const { return !strands_.empty(); }
  [[nodiscard]] const Strand& strand(StrandId id) const { return strands_.at(id); }
  /// The id that add_strand() will give.
  [[nodiscard]] StrandId next_strand() const { return next_strand_; }
  [[nodiscard]] std::vector<StrandId> children_of(StrandId parent) const;
  /// About how many bytes it takes in memory.
  [[nodiscard]] std::size_t weight() const;

  // Only for the kinds' apply().
  Strand& strand(StrandId id) { return strands_.at(id); }
  Strand& add_strand(StrandId parent, std::size_t slot, const asl::States& states, std::int64_t previous);
  /// A branch or an iteration has ended.
  void end_child(const Strand& child, Payload result, const Event& event);
  void set_phase(Strand& strand, Phase phase, std::optional<Due> due = std::nullopt);
  void set_due(Strand& strand, std::optional<Due> due);
  void set_task(Strand& strand, TaskInFlight task);

 private:
  void start(const Event& event, const Payload& input);
  void end(const Event& event);
  void enter(Strand& strand, const Event& event, const Known& known);
  void exit(Strand& strand, const Event& event, const Payload& output);
  void schedule_retry(Strand& strand, const Event& event);
  /// `late`: the values are read once all events are taken in.
  void assign(Strand& strand, const json::object& assigned, bool late);
  void end_group(Strand& parent);
  void erase_strand(StrandId id);

  const asl::StateMachine& definition_;
  std::int64_t last_id_ = 0;
  Time started_{};
  Time started_steady_{};
  Time last_steady_{};
  Payload input_;
  std::optional<Outcome> outcome_;
  StrandId next_strand_ = 0;
  std::map<StrandId, Strand> strands_;
  std::size_t variable_bytes_ = 0;
  std::map<std::int64_t, StrandId> ready_;
  std::set<Timer> timers_;   ///< durations' ends, on the engine's timeline
  std::set<Timer> moments_;  ///< what the wall clock is to show
  std::map<std::int64_t, StrandId> tasks_;
};

}  // namespace lamplighter::engine
