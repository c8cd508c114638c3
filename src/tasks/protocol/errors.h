// The errors with which a task ends, as the state machine's Retry and Catch name them.
#pragma once

#include <string_view>
#include <vector>

namespace lamplighter::tasks {

/// Errors that another try may not meet: the Lambda service's own, a handler that was cut off, and what
/// aws/client/error_codes.h calls passing. Refusals (UnauthorizedOperation, NoCredentials) are not among
/// them.
std::vector<std::string_view> transient_errors();

}  // namespace lamplighter::tasks
