// UTF-8 checks for text that comes from outside: files, AWS's answers, headers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lamplighter {

/// How many leading bytes of `text` are valid UTF-8 (RFC 3629): text.size() where all are.
std::size_t valid_utf8_prefix(std::string_view text);

/// `text` with U+FFFD for what is no UTF-8: one for each character that was cut short and each stray byte, as
/// browsers do it. Valid text stays byte for byte.
std::string mend_utf8(std::string_view text);

/// How many characters valid UTF-8 has.
std::size_t count_characters(std::string_view text);

/// True where `text` holds a control character (C0 or DEL).
bool has_control_characters(std::string_view text);

}  // namespace lamplighter
