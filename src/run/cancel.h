// Ending an execution that nobody is to go on with.
#pragma once

#include <string>

#include "base/result.h"

namespace lamplighter::run {

/// Ends the execution of that name or ARN as ABORTED; nothing is done to the cloud. Gives its name. Errors:
/// as open_to_look() and find_execution(); bad_input "NotRunning".
Result<std::string> cancel(const std::string& state_dir, const std::string& wanted);

}  // namespace lamplighter::run
