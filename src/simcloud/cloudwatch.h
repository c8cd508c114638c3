// The simulated Amazon CloudWatch alarms, API version 2010-08-01.
#pragma once

#include "simcloud/call.h"
#include "simcloud/world.h"

namespace lamplighter::simcloud {

/// Whether the API has this action here; what it has not is answered with InvalidAction.
bool has_cloudwatch_action(std::string_view action);
/// Carries out one call. The world has been brought to the present.
Answer answer_cloudwatch(World& world, const Call& call);

}  // namespace lamplighter::simcloud
