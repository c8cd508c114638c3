// The one sanitiser. Names, tags, messages and keys come from outside; what a terminal, a log or a mail would
// take for more than text (escape sequences, line breaks, controls that turn the reading direction) is
// replaced. Whatever is shown to people passes it.
#pragma once

#include <string>
#include <string_view>

namespace lamplighter {

/// `text` on one line: control characters (C0, DEL, C1) and line breaks become blanks; what is invisible and
/// turns or hides text (U+202E, U+2066, …) and what is no UTF-8 becomes U+FFFD. All else stays byte for byte.
std::string plain_line(std::string_view text);

/// The same for text of several lines, such as a mail: its '\n' stay.
std::string plain_text(std::string_view text);

/// JSON text whose strings hold such characters as \u escapes: it means what it meant. Its '\n' stay.
std::string plain_json(std::string_view text);

}  // namespace lamplighter
