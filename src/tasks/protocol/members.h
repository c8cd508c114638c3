// What several answers write and read alike. Internal to tasks/protocol/.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "base/clock.h"

namespace lamplighter::tasks {

/// The most of anything that is counted.
inline constexpr std::int64_t kMaxCount = std::numeric_limits<int>::max();

/// "" for a moment that has not come.
inline std::string text_of(const std::optional<Time>& time) {
  return time ? format_time(*time) : std::string();
}

}  // namespace lamplighter::tasks
