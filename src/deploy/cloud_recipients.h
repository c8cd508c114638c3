// Whom a deployment tells: the function has no machine of its own on which a secret could stand.
#pragma once

#include <vector>

#include "base/result.h"
#include "fleet/fleet.h"

namespace lamplighter::deploy {

/// Those of the fleet who are told by a deployment: of runs or warnings (what is missed only a daemon knows).
std::vector<const fleet::Notify*> cloud_recipients(const fleet::Fleet& fleet);

/// That their secrets stand in SSM. Error: bad_input "NotInCloud" that says which does not, and what to do.
Status check_recipients(const fleet::Fleet& fleet);

}  // namespace lamplighter::deploy
