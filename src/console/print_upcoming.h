// What the schedules of a fleet will do, printed.
#pragma once

#include <vector>

#include "fleet/upcoming.h"
#include "json/json.h"

namespace lamplighter::console {

/// Occurrences in a table, each on its schedule's clock and on UTC's where that differs; below it the
/// schedules that have none there, and why.
void print_upcoming(const fleet::Fleet& fleet, const std::vector<fleet::Upcoming>& upcoming);

/// An array, an object an occurrence or a schedule without one (docs/cli.md, "next").
json::array to_json(const fleet::Fleet& fleet, const std::vector<fleet::Upcoming>& upcoming);

}  // namespace lamplighter::console
