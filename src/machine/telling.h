// The state machines that only tell people something, an execution a message: that a stop comes, and how to
// keep what it would stop; or that the daemon missed what was due (docs/state-machine.md).
#pragma once

#include "base/result.h"
#include "fleet/fleet.h"
#include "json/json.h"
#include "machine/compile.h"

namespace lamplighter::machine {

/// What they are called beside those of `start` and `stop`: "FLEET-warn", "FLEET-missed".
inline constexpr const char* kWarning = "warn";
inline constexpr const char* kMissed = "missed";

/// Looks first. For all environments; which of them are about to be stopped, and when, its input says
/// (tasks/protocol/warn.h). Somebody is told of warnings. Errors: as compile().
Result<json::value> compile_warning(const fleet::Fleet& fleet, const CompileOptions& options = {});

/// Its input is the message: {subject, body, occurrences}. Somebody is told of what was missed.
Result<json::value> compile_missed(const fleet::Fleet& fleet, const CompileOptions& options = {});

}  // namespace lamplighter::machine
