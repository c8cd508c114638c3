// UTF-8 checks for text that comes from a file.
#pragma once

#include <cstddef>
#include <string_view>

namespace lamplighter::fleet {

/// How many leading bytes of `text` are valid UTF-8 (RFC 3629): text.size() where all are.
std::size_t valid_utf8_prefix(std::string_view text);

/// True where `text` holds a control character (C0 or DEL).
bool has_control_characters(std::string_view text);

}  // namespace lamplighter::fleet
