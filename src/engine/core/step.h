// What one call of the core led to.
#pragma once

#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

#include "engine/core/event.h"
#include "engine/core/task_runner.h"

namespace lamplighter::engine {

/// Commit `events` before anything else is done.
struct Step {
  std::vector<Event> events;
  std::vector<TaskRequest> tasks;  ///< to be run
  bool more = false;               ///< call proceed() again, after others had their turn
  std::size_t bytes = 0;           ///< of the events' payloads, about

  /// Takes in what followed it.
  void append(Step next) {
    std::move(next.events.begin(), next.events.end(), std::back_inserter(events));
    std::move(next.tasks.begin(), next.tasks.end(), std::back_inserter(tasks));
    more = next.more;
    bytes += next.bytes;
  }
};

}  // namespace lamplighter::engine
