// What an execution was, and its events, a line each.
#pragma once

#include "base/clock.h"
#include "engine/core/event.h"
#include "engine/core/records.h"

namespace lamplighter::console {

/// Its name, how it stands, when it was started and by whom.
void print_head(const engine::Execution& execution);

/// `started`: when the execution did.
void print_event(const engine::Event& event, Time started);

}  // namespace lamplighter::console
