// How an execution ended, and what is told of one.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "engine/core/event_type.h"
#include "engine/core/failure.h"
#include "engine/core/identity.h"
#include "engine/core/records.h"

namespace lamplighter::engine {

struct Outcome {
  EventType type = EventType::execution_failed;  ///< of the kind execution_ended
  Time time{};
  std::string output;  ///< JSON text, of a success
  Failure failure;
};

ExecutionStatus status_of(const Outcome& outcome);

/// An execution as describe_execution gives it, from its parts.
Execution describe(const Identity& identity, Time started, std::string input,
                   const std::optional<Outcome>& outcome);

}  // namespace lamplighter::engine
