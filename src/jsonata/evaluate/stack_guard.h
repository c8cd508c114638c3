// How much of the thread's stack a recursion has used: the last line of defence behind the limits on depth,
// since how large a frame is depends on compiler, options and sanitizers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lamplighter::jsonata {

class StackGuard {
 public:
  /// What one parse or evaluation may use. Threads have 8 MiB where nobody says otherwise; depth 500 needs
  /// less than 1 MiB in a release build.
  static constexpr std::size_t kMostBytes = std::size_t{4} << 20;

  /// Made where the recursion starts.
  StackGuard() : start_(here()) {}

  [[nodiscard]] bool is_exceeded() const {
    const std::uintptr_t now = here();
    return (now > start_ ? now - start_ : start_ - now) > kMostBytes;
  }

 private:
  static std::uintptr_t here() { return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)); }

  std::uintptr_t start_;
};

}  // namespace lamplighter::jsonata
