// Ending an execution that nobody is to go on with.
#pragma once

#include <string>

#include "base/result.h"
#include "run/desk.h"

namespace lamplighter::run {

/// Ends the execution of that name or ARN as ABORTED; nothing is done to the servers. Gives its name. Errors:
/// as open_desk() and find_running().
Result<std::string> cancel(const Place& place, const std::string& wanted);

}  // namespace lamplighter::run
