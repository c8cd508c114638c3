// The days that calendars bind a schedule to, worked out for some time ahead. Pure values.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "schedule/calendar.h"

namespace lamplighter::schedule {

/// A calendar's days, with its name.
struct NamedDays {
  std::string name;
  Calendar days;
  bool operator==(const NamedDays&) const = default;
};

/// What calendars say of a day.
struct Verdict {
  bool runs = true;
  bool known = true;          ///< else it lies beyond what was worked out, and nothing stands against it
  std::string calendar = {};  ///< of a day that is left out: the one that says so ("" for several)
  std::string reason = {};    ///< the same in words: "not on holidays", "not in workdays"
};

struct BoundDays {
  std::vector<NamedDays> except;    ///< it does not run on their days
  std::vector<NamedDays> only;      ///< it runs on no other days; empty for any day
  std::chrono::local_days until{};  ///< nothing is known of later ones

  /// A day in a calendar of `except` is left out; so is one that is in none of `only`, where there is any.
  [[nodiscard]] Verdict verdict(std::chrono::local_days day) const;
  [[nodiscard]] bool binds() const { return !except.empty() || !only.empty(); }
  bool operator==(const BoundDays&) const = default;
};

}  // namespace lamplighter::schedule
