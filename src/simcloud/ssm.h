// The simulated AWS Systems Manager, version 2014-11-06: its parameters.
#pragma once

#include "simcloud/call.h"
#include "simcloud/world.h"

namespace lamplighter::simcloud {

/// Whether the API has this action here; what it has not is answered with InvalidAction.
bool has_ssm_action(std::string_view action);
/// Carries out one call. The world has been brought to the present.
Answer answer_ssm(World& world, const Call& call);

}  // namespace lamplighter::simcloud
