// The branch of one environment: its admission, its phases one after another, and its own ends. Internal to
// machine/.
#pragma once

#include "fleet/fleet.h"
#include "json/json.h"
#include "machine/tasks.h"

namespace lamplighter::machine {

/// {"StartAt", "States"}. Ends with the object that docs/tasks.md calls a branch's end, whatever happens.
/// Variables of the branch: `members` and `phases` (the answers so far), `since` (when the phase began).
json::object branch(const Source& source, const fleet::Environment& environment);

}  // namespace lamplighter::machine
