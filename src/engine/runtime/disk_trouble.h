// Whether the database can be written, as it is told to people: on a disk that is nearly full small writes
// still succeed between large ones that don't, and nobody wants to hear of each. Pure.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"

namespace lamplighter::engine {

/// Times are measured ones (Clock::steady()).
class DiskTrouble {
 public:
  /// How long a trouble lasts until it is told again.
  static constexpr Duration kTellAgain = std::chrono::hours{6};

  /// It is over once nothing has failed for `calm`.
  explicit DiskTrouble(Duration calm) : calm_(calm) {}

  /// A write failed. Gives what is to be told; "" for nothing.
  std::string failed(Time now, const std::string& why);
  /// One succeeded.
  void wrote() { wrote_ = true; }
  /// Gives what is to be told once it is over; "" otherwise.
  std::string calmed(Time now);

  /// How long what failed waits until it is tried again; zero while all is well.
  [[nodiscard]] Duration backoff() const { return backoff_; }
  /// When it will be over, if nothing fails until then; nullopt while all is well, and while nothing
  /// succeeds.
  [[nodiscard]] std::optional<Time> over_at() const;

 private:
  Duration calm_;
  Duration backoff_{0};
  bool wrote_ = false;  ///< since the last that failed
  Time failed_at_{};
  Time told_at_{};
};

}  // namespace lamplighter::engine
