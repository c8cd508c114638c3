// One thread of control of an execution: the top level, a branch of a Parallel state, or an iteration of a
// Map state. Plain data, changed only by ExecutionState and by what the kinds apply to it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "asl/definition.h"
#include "base/clock.h"
#include "engine/core/evaluate.h"
#include "engine/core/payload.h"

namespace lamplighter::engine {

using StrandId = std::uint32_t;

/// What a Parallel or Map state knows of its branches or iterations.
struct Group {
  std::vector<Payload> results;  ///< by branch or index; null until it has ended
  std::size_t result_bytes = 0;
  json::array items;                         ///< Map: what to iterate over
  std::vector<std::string_view> item_texts;  ///< theirs, where they are the input's elements; else empty
  std::size_t next = 0;                      ///< the next branch or index to be started
  std::size_t running = 0;
  std::size_t failed = 0;
  std::size_t max_concurrency = 0;
  std::optional<std::int64_t> tolerated_count;
  std::optional<double> tolerated_percentage;
};

/// A task that is to be run, or is being run.
struct TaskInFlight {
  std::int64_t id = 0;  ///< its TaskScheduled event
  Payload arguments;
  std::string role_arn;
  Duration timeout{};      ///< from its start on
  bool heartbeat = false;  ///< the timeout is the heartbeat's
  bool started = false;    ///< from then on the strand's due moment is its deadline
};

/// When something is due: a moment that the clock on the wall shows, or the end of a duration, on the
/// engine's timeline.
struct Due {
  Time time{};
  bool moment = false;
};

enum class Phase {
  ready,     ///< its state was entered and is to be run
  waiting,   ///< in a Wait state
  task,      ///< a task is to be run, or is being run
  retrying,  ///< waits before its state's next attempt
  children,  ///< branches or iterations are being run
  moving,    ///< between two events of one step
};

/// Whether a state has branches or iterations.
inline bool is_group(const asl::State& state) {
  return state.type == asl::StateType::map || state.type == asl::StateType::parallel;
}

struct Strand {
  StrandId id = 0;
  StrandId parent = 0;   ///< of all but the top level
  std::size_t slot = 0;  ///< its branch, or its index
  const asl::States* states = nullptr;
  std::int64_t previous = 0;  ///< the event that its next event follows

  const asl::State* state = nullptr;
  std::int64_t entered_id = 0;
  std::int64_t entered_previous = 0;
  Time entered{};
  Time entered_steady{};  ///< on the engine's timeline
  Payload input;          ///< of its state; after the state's end, its output
  Variables variables;
  Phase phase = Phase::moving;
  std::optional<Due> due;
  std::optional<TaskInFlight> task;
  std::vector<std::int64_t> attempts;  ///< of the state's Retry entries, in their order
  std::int64_t retry_count = 0;
  bool evaluation_failed = false;  ///< and nothing has happened since
  std::unique_ptr<Group> group;
};

}  // namespace lamplighter::engine
