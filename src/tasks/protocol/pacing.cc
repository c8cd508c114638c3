#include "tasks/protocol/pacing.h"

#include <algorithm>

namespace lamplighter {

int next_wait(const Pace& pace, int elapsed_seconds, int timeout_seconds) {
  const int wanted = std::clamp(elapsed_seconds / 30, pace.min, std::max(pace.min, pace.max));
  return std::max(1, std::min(wanted, timeout_seconds - elapsed_seconds));
}

int most_looks(const Pace& pace, int timeout_seconds) {
  int looks = 1;
  for (int elapsed = 0; elapsed < timeout_seconds; ++looks) {
    elapsed += next_wait(pace, elapsed, timeout_seconds);
  }
  return looks;
}

}  // namespace lamplighter
