// Bounds of one execution. Only for the core and states/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "base/limits.h"

namespace lamplighter::engine {

/// The service's limit of a history's length.
constexpr std::int64_t kMaxEvents = limits::kHistoryEvents;
/// After so many states an execution lets others have their turn, if it has not been told to earlier.
constexpr int kTransitionsPerStep = 100;
/// After so many bytes of payloads too: a step is held in memory until it is on disk.
constexpr std::size_t kBytesPerStep = std::size_t{8} << 20;
/// The service's limit of an inline Map's iterations at once.
constexpr std::size_t kMaxIterationsAtOnce = 40;
/// The service's limit of all variables that an execution has at a time.
constexpr std::size_t kMaxVariableBytes = std::size_t{10} << 20;
/// Counts that are numbers of iterations have no other limit.
constexpr std::int64_t kAnyCount = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMaxSeconds = 99'999'999;

/// Thrown by StateContext::append() where only the last event of a history has room; caught by the core.
struct HistoryFull {};

}  // namespace lamplighter::engine
