// What several answers write and read alike. Internal to tasks/protocol/.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "json/reader.h"

namespace lamplighter::tasks {

/// The most of anything that is counted.
inline constexpr std::int64_t kMaxCount = std::numeric_limits<int>::max();

/// How an environment ended: its member "status". Skipped is one that wasn't worked on.
inline constexpr std::string_view kSkipped = "skipped";
inline std::string_view environment_status(bool halted) { return halted ? "halted" : "ready"; }

inline Result<bool> read_halted(const Reader& fields) {
  const auto status = TRY(fields.text("status"));
  for (const bool halted : {false, true}) {
    if (status == environment_status(halted)) return halted;
  }
  return fields.unexpected("status", "\"ready\" or \"halted\"");
}

}  // namespace lamplighter::tasks
