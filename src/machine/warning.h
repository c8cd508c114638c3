// The state machine of a fleet's warnings: whoever is told that a stop comes, and how to keep what it would
// stop, is told by one execution a warning (docs/state-machine.md).
#pragma once

#include "base/result.h"
#include "fleet/fleet.h"
#include "json/json.h"
#include "machine/compile.h"

namespace lamplighter::machine {

/// What the machine is called beside those of `start` and `stop`: "FLEET-warn".
inline constexpr const char* kWarning = "warn";

/// For all environments; which of them are about to be stopped, and when, its input says
/// (tasks/protocol/warn.h). The fleet has a topic. Errors: as compile().
Result<json::value> compile_warning(const fleet::Fleet& fleet, const CompileOptions& options = {});

}  // namespace lamplighter::machine
