// The simulated DynamoDB, version 2012-08-10: tables with keys of texts, whole items, conditional writes.
#pragma once

#include <optional>

#include "simcloud/call.h"
#include "simcloud/world.h"

namespace lamplighter::simcloud {

/// Whether the API has this action here; what it has not is answered with InvalidAction.
bool has_dynamodb_action(std::string_view action);
/// Carries out one call. The world has been brought to the present.
Answer answer_dynamodb(World& world, const Call& call);

/// table_unanswered where this call is a PutItem that it strikes; nullopt else.
std::optional<FaultKind> broken_put(World& world, const Call& call);

}  // namespace lamplighter::simcloud
