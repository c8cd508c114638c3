// Where the runs of a deployment agree: the stack's own table, where the fleet file names no other.
#pragma once

#include "fleet/fleet.h"

namespace lamplighter::deploy {

/// The fleet as it runs in the cloud: its coordination by the stack's table where the file says nothing of
/// it.
fleet::Fleet in_cloud(fleet::Fleet fleet);

/// Whether the stack makes the table of such a fleet.
bool makes_table(const fleet::Fleet& fleet);

}  // namespace lamplighter::deploy
