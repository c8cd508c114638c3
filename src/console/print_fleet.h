// What a fleet file says, printed.
#pragma once

#include "base/clock.h"
#include "fleet/fleet.h"

namespace lamplighter::console {

/// Each schedule with what comes next after `now`, on its own time zone's clock.
void print_fleet(const fleet::Fleet& fleet, Time now);

}  // namespace lamplighter::console
