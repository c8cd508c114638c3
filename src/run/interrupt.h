// Ctrl-C, and what means the same: the first asks, the second insists.
#pragma once

#include <vector>

namespace lamplighter::run {

/// The signals with which a process is asked to end: SIGINT, SIGTERM, and SIGHUP unless it is ignored, as
/// under nohup.
std::vector<int> ending_signals();

/// While it lives, the first of the ending signals is only remembered; a SIGINT or SIGTERM after it ends the
/// process, as ever.
/// One at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  [[nodiscard]] static bool requested();
};

}  // namespace lamplighter::run
