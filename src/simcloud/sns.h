// The simulated Amazon SNS, API version 2010-03-31.
#pragma once

#include <optional>

#include "simcloud/call.h"
#include "simcloud/world.h"

namespace lamplighter::simcloud {

/// Whether the API has this action here; what it has not is answered with InvalidAction.
bool has_sns_action(std::string_view action);
/// Carries out one call. The world has been brought to the present.
Answer answer_sns(World& world, const Call& call);

/// The fault by which this call's connection breaks, topic_lost or topic_unanswered; nullopt for none.
std::optional<FaultKind> broken_publish(World& world, const Call& call);

}  // namespace lamplighter::simcloud
