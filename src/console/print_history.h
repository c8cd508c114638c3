// The events of an execution, a line each.
#pragma once

#include "base/clock.h"
#include "engine/core/event.h"

namespace lamplighter::console {

/// `started`: when the execution did.
void print_event(const engine::Event& event, Time started);

}  // namespace lamplighter::console
