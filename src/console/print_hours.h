// Hours as people and programs read them.
#pragma once

#include <vector>

#include "json/json.h"
#include "run/hours_kept.h"

namespace lamplighter::console {

/// A line an environment and day, or month.
void print_hours(const std::vector<hours::Row>& rows);

/// An object each, in seconds.
json::array to_json(const std::vector<hours::Row>& rows);

}  // namespace lamplighter::console
