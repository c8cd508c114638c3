// The environments that somebody named.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "fleet/fleet.h"

namespace lamplighter::fleet {

/// Those called `names`, in the fleet's order; all where none is named. Error: bad_input
/// "UnknownEnvironment".
Result<std::vector<const Environment*>> choose(const Fleet& fleet, const std::vector<std::string>& names);

}  // namespace lamplighter::fleet
