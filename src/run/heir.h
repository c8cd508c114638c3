// Who sees to the alarms that an execution leaves muted because it was ended in the loop that waits for them.
#pragma once

#include <string>

#include "engine/runtime/executions.h"

namespace lamplighter::run {

/// Of one that was cancelled: the name of another of the same fleet that runs and works on all its
/// environments. A start gives their alarms their voice, a stop wants them silent. "" where there is none.
std::string heir_of(engine::Executions& executions, const engine::Execution& ended);

}  // namespace lamplighter::run
