// The way to standard output and error of all that is printed, the live view aside: it passes the sanitiser
// (base/plain_text.h), so that nothing from outside is more than text. What can't be written is lost, and no
// reason for whoever says it (the engine's thread, say) to end: that of standard output is told at the end
// (base/standard_streams.h).
#pragma once

#include <cstdio>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "json/json.h"

namespace lamplighter::console {

/// Text of several lines, which ends its own last one.
void print_text(std::FILE* out, std::string_view text);

/// One line, whatever its parts hold.
void print_as_line(std::FILE* out, std::string_view line);
template <class... Parts>
void print_line(std::FILE* out, fmt::format_string<Parts...> format, Parts&&... parts) {
  print_as_line(out, fmt::format(format, std::forward<Parts>(parts)...));
}

/// JSON on standard output, indented.
void print_json(const json::value& value);

}  // namespace lamplighter::console
