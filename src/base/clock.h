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

/// Source of time, in two readings: moments (a timestamp, 08:00 tomorrow) go by now(), durations (a wait of
/// ten minutes, a deadline) by steady(). Implementations are safe to use from several threads, unless they
/// say otherwise.
class Clock {
 public:
  virtual ~Clock() = default;
  /// What a clock on the wall shows: it may be set, forward and back.
  [[nodiscard]] virtual Time now() const = 0;
  /// Goes on evenly, also while the machine sleeps, and is never set: only differences between its readings
  /// in one process mean something. The same as now() where nobody sets that.
  [[nodiscard]] virtual Time steady() const { return now(); }
  /// Returns once `duration` has passed on this clock (at once where it is not positive).
  virtual void sleep(Duration duration) = 0;
};

/// The machine's clock, or one that runs `speed` times faster from the moment of its making (for
/// `lamplighter start --speed X`, beside a simulated cloud that is equally fast; that one is never set).
/// steady() begins as what now() is when the clock is made, and counts the machine's sleep (CLOCK_BOOTTIME).
class SystemClock final : public Clock {
 public:
  explicit SystemClock(double speed = 1.0);
  [[nodiscard]] Time now() const override;
  [[nodiscard]] Time steady() const override;
  void sleep(Duration duration) override;
  [[nodiscard]] double speed() const { return speed_; }

 private:
  double speed_;
  Time started_;
  std::chrono::nanoseconds started_since_boot_;
};

/// A clock that moves only when told: sleep() advances it and returns at once. For one thread.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start = Time{}) : steady_(start) {}
  [[nodiscard]] Time now() const override { return steady_ + set_by_; }
  [[nodiscard]] Time steady() const override { return steady_; }
  void sleep(Duration duration) override {
    if (duration > Duration::zero()) steady_ += duration;
  }
  /// Moves on (or back) as time does.
  void set(Time now) { steady_ += now - this->now(); }
  /// What somebody does who sets the clock on the wall.
  void set_wall_by(Duration duration) { set_by_ += duration; }

 private:
  Time steady_;
  Duration set_by_{0};
};

/// "2026-11-24T06:00:00.000Z" (RFC 3339, milliseconds, UTC).
std::string format_time(Time time);

/// Reads an RFC 3339 timestamp with any offset and 0 to 9 fractional digits, as strictly as the Amazon States
/// Language: an upper-case T and Z, no leap second. Error: bad_input "InvalidTimestamp".
Result<Time> parse_time(std::string_view text);

}  // namespace lamplighter
