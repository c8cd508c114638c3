// The last line of a TZif file: how a zone's clock goes on after the changes that the file lists, in POSIX's
// notation of TZ ("CET-1CEST,M3.5.0,M10.5.0/3"; RFC 9636, section 3.3.1). Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace lamplighter::schedule {

/// A day of each year, and a time on the clock that goes until then, counted from its midnight.
struct YearlyDate {
  enum class Kind {
    of_365,   ///< J60: `day` 1 to 365, 29 February not counted
    of_366,   ///< 59: `day` 0 to 365
    weekday,  ///< M3.5.0: `day` 0 (Sunday) to 6 in `week` 1 to 5 (the last) of `month`
  };
  Kind kind = Kind::of_365;
  int month = 0;
  int week = 0;
  int day = 1;
  std::chrono::seconds time{std::chrono::hours{2}};  ///< -167 to 167 hours

  [[nodiscard]] std::chrono::local_seconds in(std::chrono::year year) const;
};

struct PosixRule {
  struct Summer {
    std::chrono::seconds offset{0};
    YearlyDate begin;
    YearlyDate end;
  };
  std::chrono::seconds offset{0};  ///< ahead of UTC, without summer time
  std::optional<Summer> summer;
};

/// Error: bad_input "InvalidTimeZone".
Result<PosixRule> parse_posix_rule(std::string_view text);

}  // namespace lamplighter::schedule
