// Bounds of one execution. Only for execution*.cc.
#pragma once

#include <cstdint>

namespace lamplighter::engine {

/// The service's limit of a history's length.
constexpr std::int64_t kMaxEvents = 25'000;
/// After so many states an execution lets others have their turn, if it has not been told to earlier.
constexpr int kTransitionsPerStep = 100;
/// The service's limit of an inline Map's iterations at once.
constexpr std::size_t kMaxIterationsAtOnce = 40;
constexpr std::int64_t kMaxSeconds = 99'999'999;

/// Thrown by emit() where only the last event of a history has room; caught by guarded().
struct HistoryFull {};

}  // namespace lamplighter::engine
