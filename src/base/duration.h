// Lengths of time as people write them: "90s", "10m", "1h30m", "2d".
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace lamplighter {

/// Reads one or more number-and-unit pairs in falling units (d, h, m, s, ms), such as "1h30m"; "0" is
/// allowed. Error: bad_input "InvalidDuration" that says what was expected.
Result<Duration> parse_duration(std::string_view text);

/// The shortest exact form that parse_duration reads back: "10m", "1h30m", "0s".
std::string format_duration(Duration duration);

}  // namespace lamplighter
