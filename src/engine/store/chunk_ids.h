// Where an execution's history lies: the row ids of its chunks.
#pragma once

#include <cstdint>

namespace lamplighter::engine {

/// A history chunk's row id: its execution's, and its place therein (a history has at most 25,000 events).
constexpr std::int64_t kChunksPerExecution = std::int64_t{1} << 20;
/// No execution has a greater id: a chunk's would not fit 63 bits.
constexpr std::int64_t kLastExecution = INT64_MAX / kChunksPerExecution - 1;

/// Whether an execution can have this id. Any other is a damaged row's, and has no room for a history.
constexpr bool has_room(std::int64_t execution) { return execution >= 1 && execution <= kLastExecution; }

/// The row ids of an execution's chunks: from `first`, below `end`.
struct ChunkIds {
  explicit constexpr ChunkIds(std::int64_t execution)
      : first(has_room(execution) ? execution * kChunksPerExecution : 0),
        end(has_room(execution) ? first + kChunksPerExecution : 0) {}
  std::int64_t first;
  std::int64_t end;
};

}  // namespace lamplighter::engine
