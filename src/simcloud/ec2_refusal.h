// What EC2 says of a single server that it does not start or stop. nullopt: it does.
#pragma once

#include <optional>

#include "simcloud/call.h"
#include "simcloud/world.h"

namespace lamplighter::simcloud {

/// By a policy that minds the server's tags.
std::optional<ApiError> denial(World& world, const Call& call, const SimulatedServer& server);
std::optional<ApiError> refusal_to_start(World& world, const SimulatedServer& server);
std::optional<ApiError> refusal_to_stop(World& world, const SimulatedServer& server);

}  // namespace lamplighter::simcloud
