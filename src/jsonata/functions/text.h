// Text as JavaScript sees it, over UTF-8. Strings are UTF-8 that may hold a lone surrogate as its three bytes
// ("WTF-8"): JSONata can split a pair, as JavaScript does, and join it again.
// All functions accept any bytes and never read beyond the view.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lamplighter::jsonata {

/// The code point at `position` (advanced behind it). A byte that is no UTF-8 counts as U+FFFD.
char32_t next_code_point(std::string_view text, std::size_t& position);

void append_code_point(std::string& text, char32_t code_point);

inline bool is_high_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDBFF; }
inline bool is_low_surrogate(char32_t c) { return c >= 0xDC00 && c <= 0xDFFF; }
inline bool is_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDFFF; }

/// How many code points; a lone surrogate counts as one.
std::size_t count_code_points(std::string_view text);

/// How many UTF-16 units: JavaScript's `length`.
std::size_t count_units(std::string_view text);

/// Below, equal or above zero: the order of UTF-16 units, which is JavaScript's `<`.
int compare_units(std::string_view left, std::string_view right);

std::u16string to_units(std::string_view text);
std::string from_units(std::u16string_view units);

/// The byte offset of the code point number `count`, or the text's end.
std::size_t offset_of_code_point(std::string_view text, std::size_t count);

/// The same text with each lone surrogate replaced by U+FFFD: what may leave the library.
std::string without_lone_surrogates(std::string_view text);
bool has_lone_surrogate(std::string_view text);

/// True where `left` ends in a high surrogate and `right` starts with a low one: joined, they are one
/// character.
bool splits_a_pair(std::string_view left, std::string_view right);

/// JSON text whose \u escapes of lone surrogates are replaced by their bytes: Boost.JSON refuses the escapes,
/// and takes the bytes with allow_invalid_utf8.
std::string with_surrogates_as_bytes(std::string_view json);

}  // namespace lamplighter::jsonata
