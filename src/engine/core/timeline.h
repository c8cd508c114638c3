// The engine's own time: a line on which every duration is measured, beside the clock on the wall, which
// shows moments and may be set.
#pragma once

#include "base/clock.h"

namespace lamplighter::engine {

/// One moment, in both readings. They are the same until the wall clock is set.
struct Now {
  Now() = default;
  Now(Time both) : wall(both), steady(both) {}  // NOLINT: where nobody sets the clock, a Time says it all
  Now(Time wall_reading, Time steady_reading) : wall(wall_reading), steady(steady_reading) {}

  /// How far the wall clock was set forward since the line began; negative: back.
  [[nodiscard]] Duration skew() const { return wall - steady; }
  [[nodiscard]] Now plus(Duration duration) const { return {wall + duration, steady + duration}; }

  Time wall{};
  Time steady{};
};

/// What is below this is taken for the clocks' own inexactness.
constexpr Duration kClockStep{1'000};

/// The line outlives the process: where the wall clock was set by `skew` in earlier lives, it goes on behind
/// it by that much, so that what waited goes on waiting for what was left. What cannot be measured is how
/// long no process lived: that is what the wall clock says. now() is safe to use from several threads, the
/// rest is for one. Keeps a reference to the clock.
class Timeline {
 public:
  Timeline(const Clock& clock, Duration skew)
      : clock_(clock), base_(clock.now() - skew - clock.steady()), skew_(skew) {}

  [[nodiscard]] Now now() const { return {clock_.now(), clock_.steady() + base_}; }

  /// Whether the wall clock has been set since the last notice().
  [[nodiscard]] bool was_set(const Now& now) const {
    return std::chrono::abs(now.skew() - skew_) >= kClockStep;
  }
  /// Takes note of it. Gives the skew that a later life is to begin with.
  Duration notice(const Now& now) { return skew_ = now.skew(); }

 private:
  const Clock& clock_;
  const Duration base_;
  Duration skew_;
};

}  // namespace lamplighter::engine
