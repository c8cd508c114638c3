// The simulated Amazon EC2, API version 2016-11-15.
#pragma once

#include "simcloud/call.h"
#include "simcloud/world.h"

namespace lamplighter::simcloud {

/// Whether the API has this action here; what it has not is answered with InvalidAction.
bool has_ec2_action(std::string_view action);
/// Carries out one call. The world has been brought to the present.
Answer answer_ec2(World& world, const Call& call);

}  // namespace lamplighter::simcloud
