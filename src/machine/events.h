// How many events an execution can have, and the looks that keep them under the limit that Step Functions and
// the embedded engine share.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "fleet/fleet.h"

namespace lamplighter::machine {

/// The most events of one execution over `environments` (empty for all) whose phases take `looks` looks each.
long most_events(const fleet::Fleet& fleet, const std::vector<std::string>& environments, int looks);

/// The looks that each phase of `environments` (empty for all) may take in one execution: what survey answers
/// for them. Error: bad_input "TooManyEvents", with the figure, where they are fewer than kFewestLooks.
Result<int> looks_for(const fleet::Fleet& fleet, const std::vector<std::string>& environments);

}  // namespace lamplighter::machine
