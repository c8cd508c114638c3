// Asking before something is stopped.
#pragma once

#include "base/result.h"
#include "run/overview.h"

namespace lamplighter::console {

/// Error: bad_input "Usage" where standard input is no terminal.
Status check_can_ask();

/// "Stop 3 servers of dev (us-east-1) in account 123456789012 (profile ops)?"
std::string stop_question(const run::Overview& overview);

/// Asks whether to stop all this; false for every answer but yes.
bool confirm_stop(const run::Overview& overview);

}  // namespace lamplighter::console
