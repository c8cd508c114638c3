// Ctrl-C: the first asks, the second insists.
#pragma once

namespace lamplighter::run {

/// While it lives, the first SIGINT or SIGTERM is only remembered; another one ends the process, as ever.
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
