// The simulated Resource Groups Tagging API, version 2017-01-26, for alarms.
#pragma once

#include "simcloud/call.h"
#include "simcloud/world.h"

namespace lamplighter::simcloud {

/// Whether the API has this action here; what it has not is answered with InvalidAction.
bool has_tagging_action(std::string_view action);
/// Carries out one call. The world has been brought to the present.
Answer answer_tagging(World& world, const Call& call);

}  // namespace lamplighter::simcloud
