// The simulated Amazon EventBridge, version 2015-10-07: buses that take events and keep them.
#pragma once

#include "simcloud/call.h"
#include "simcloud/world.h"

namespace lamplighter::simcloud {

/// Whether the API has this action here; what it has not is answered with InvalidAction.
bool has_events_action(std::string_view action);
/// Carries out one call. The world has been brought to the present.
Answer answer_events(World& world, const Call& call);

}  // namespace lamplighter::simcloud
