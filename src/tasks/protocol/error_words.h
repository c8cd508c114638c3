// What an engine says of a task's error, in words.
#pragma once

#include <string>

namespace lamplighter::tasks {

/// "UnauthorizedOperation: You may not.": the error's name, and the message in the cause of a function's
/// error, or the cause as it is. The cause may be cut off.
std::string error_words(const std::string& error, const std::string& cause);

}  // namespace lamplighter::tasks
