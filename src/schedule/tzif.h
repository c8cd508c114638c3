// A compiled file of the IANA time zone database, TZif (RFC 8536, 9636): versions 1 to 4. Pure.
#pragma once

#include <string_view>

#include "base/result.h"
#include "schedule/zone.h"

namespace lamplighter::schedule {

/// What every such file begins with.
inline constexpr std::string_view kTzifMagic = "TZif";

/// Reads a file's bytes, which may be anything. Files that count leap seconds ("right/…") are refused: no
/// clock here does. Error: bad_input "InvalidTimeZone" that says what is wrong.
Result<Zone> read_tzif(std::string_view bytes);

}  // namespace lamplighter::schedule
