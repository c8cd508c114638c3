// The end of an override as people say it: a moment on a clock, or how long.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace lamplighter::run {

struct When {
  bool lasts = false;  ///< "for": how long; else "until": when
  std::string text;    ///< "22:00", "tomorrow 08:00", "2026-12-24 22:00", "2026-12-24T21:00:00Z"; "3h"
};

/// Of words such as {"until", "tomorrow", "08:00"}, from `first` on. Error: bad_input "Usage".
Result<When> read_when(const std::vector<std::string>& words, std::size_t first);

/// In whole minutes where it says how long (rounded up). A local time that the zone's clock shows twice is
/// the first. Error: bad_input "InvalidMoment" for what is no moment, or none of that zone's clock.
Result<Time> moment_of(const When& when, const std::string& timezone, Time now);

}  // namespace lamplighter::run
