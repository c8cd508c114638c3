// How long an environment ran and was stopped, day by day: a pure fold over what was seen of it. Time between
// two looks counts as the first of them saw it; what nobody saw is unknown, and counts for nothing.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "schedule/zone.h"

namespace lamplighter::hours {

enum class State { unknown, running, stopped };

/// What an environment was like from a moment on.
struct Look {
  Time at{};
  State state = State::unknown;

  friend bool operator==(const Look&, const Look&) = default;
};

/// A look says nothing of what is later than that.
inline constexpr Duration kLookHolds = std::chrono::hours{24 * 31};

struct Hours {
  Duration running{};
  Duration stopped{};

  friend bool operator==(const Hours&, const Hours&) = default;
};

/// By the date in the fleet's zone, "2026-11-27". A day has 23 or 25 hours where the zone's clocks change.
using Days = std::map<std::string, Hours>;

/// `looks` by their time; what follows the last of them counts until `until`. Days of which nothing is known
/// are left out.
Days count(const std::vector<Look>& looks, const schedule::Zone& zone, Time until);

/// The date that the zone's calendar shows then.
std::string date_of(const schedule::Zone& zone, Time time);
/// When that day began there, and when the next one does, after `time`.
Time day_begin(const schedule::Zone& zone, Time time);
Time next_day(const schedule::Zone& zone, Time time);

}  // namespace lamplighter::hours
