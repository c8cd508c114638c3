// Time comes in through here, so that a test or a simulation decides what time it is.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace lamplighter {

using Duration = std::chrono::milliseconds;
/// A moment in UTC, to the millisecond: the resolution of Step Functions' histories.
using Time = std::chrono::sys_time<Duration>;

/// Source of time. Implementations are safe to use from several threads, unless they say otherwise.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Time now() const = 0;
  /// Returns once `duration` has passed on this clock (at once where it is not positive).
  virtual void sleep(Duration duration) = 0;
};

/// The machine's clock, or one that runs `speed` times faster from the moment of its making (for
/// `lamplighter start --speed X`, beside a simulated cloud that is equally fast).
class SystemClock final : public Clock {
 public:
  explicit SystemClock(double speed = 1.0);
  [[nodiscard]] Time now() const override;
  void sleep(Duration duration) override;
  [[nodiscard]] double speed() const { return speed_; }

 private:
  double speed_;
  Time started_;
  std::chrono::steady_clock::time_point started_steady_;
};

/// A clock that moves only when told: sleep() advances it and returns at once. For one thread.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start = Time{}) : now_(start) {}
  [[nodiscard]] Time now() const override { return now_; }
  void sleep(Duration duration) override {
    if (duration > Duration::zero()) now_ += duration;
  }
  void set(Time now) { now_ = now; }

 private:
  Time now_;
};

/// "2026-11-24T06:00:00.000Z" (RFC 3339, milliseconds, UTC).
std::string format_time(Time time);

/// Reads an RFC 3339 timestamp with any offset and 0 to 9 fractional digits. Error: bad_input
/// "InvalidTimestamp".
Result<Time> parse_time(std::string_view text);

}  // namespace lamplighter
