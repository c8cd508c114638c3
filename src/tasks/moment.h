// Moments as people read them in a report.
#pragma once

#include <string>

#include "base/clock.h"

namespace lamplighter::tasks {

/// "2026-11-24 07:00:00 Europe/Berlin (06:00:00 UTC)", with the date where it is another one there; for UTC,
/// or where this machine does not know the zone, "2026-11-24 06:00:00 UTC".
std::string readable(Time time, const std::string& zone);

/// "15m1s", in whole seconds.
std::string readable(Duration duration);

}  // namespace lamplighter::tasks
