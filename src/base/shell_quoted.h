// Text as a shell reads it back.
#pragma once

#include <string>

namespace lamplighter {

/// `text` as one word of a POSIX shell: as it is where no character of it means more to a shell, else in
/// quotes.
std::string shell_quoted(const std::string& text);

}  // namespace lamplighter
