// The simulated Amazon CloudWatch alarms, API version 2010-08-01.
#pragma once

#include "sim/call.h"
#include "sim/world.h"

namespace lamplighter::sim {

/// Whether the API has this action here; what it has not is answered with InvalidAction.
bool has_cloudwatch_action(std::string_view action);
/// Carries out one call. The world has been brought to the present.
Answer answer_cloudwatch(World& world, const Call& call);

}  // namespace lamplighter::sim
