// What a fleet file says, printed.
#pragma once

#include "fleet/fleet.h"

namespace lamplighter::console {

void print_fleet(const fleet::Fleet& fleet);

}  // namespace lamplighter::console
