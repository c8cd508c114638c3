#include "base/plain_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include "base/utf8.h"

namespace lamplighter {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

constexpr std::array kControls{Range{0, 0x1F}, Range{0x7F, 0x9F}, Range{0x2028, 0x2029}};
constexpr std::array kInvisible{
    Range{0x061C, 0x061C}, Range{0x200E, 0x200F}, Range{0x202A, 0x202E},  // they turn the direction
    Range{0x2066, 0x206F}, Range{0xFEFF, 0xFEFF}, Range{0xFFF9, 0xFFFB}, Range{0xE0000, 0xE007F}};

template <class Ranges>
bool is_in(const Ranges& ranges, char32_t character) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& range) { return character >= range.first && character <= range.last; });
}

/// Takes the first character off valid UTF-8.
char32_t take_character(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  char32_t character = length == 1 ? first : first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    character = character << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  text.remove_prefix(length);
  return character;
}

/// Most text is plain already.
bool is_plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

/// `text` with `replacement(character)` for each character that is no plain text, but for those in `kept`.
template <class Replacement>
std::string replaced(std::string_view text, std::string_view kept, Replacement replacement) {
  if (is_plain_ascii(text)) return std::string(text);
  const std::string valid = mend_utf8(text);
  std::string plain;
  plain.reserve(valid.size());
  for (std::string_view rest = valid; !rest.empty();) {
    const std::string_view before = rest;
    const char32_t character = take_character(rest);
    const std::string_view bytes = before.substr(0, before.size() - rest.size());
    const bool stays = bytes.size() == 1 && kept.find(bytes) != std::string_view::npos;
    if (!stays && (is_in(kControls, character) || is_in(kInvisible, character))) {
      plain += replacement(character);
    } else {
      plain += bytes;
    }
  }
  return plain;
}

std::string for_people(std::string_view text, std::string_view kept) {
  return replaced(text, kept,
                  [](char32_t character) { return is_in(kControls, character) ? " " : "\xEF\xBF\xBD"; });
}

/// As JSON escapes it: by its UTF-16 units.
std::string escape(char32_t character) {
  const auto code = static_cast<std::uint32_t>(character);
  if (code < 0x10000) return fmt::format("\\u{:04x}", code);
  return fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + ((code - 0x10000) >> 10U), 0xDC00 + (code & 0x3FFU));
}

}  // namespace

std::string plain_line(std::string_view text) { return for_people(text, ""); }
std::string plain_text(std::string_view text) { return for_people(text, "\n"); }
std::string plain_json(std::string_view text) { return replaced(text, "\n", escape); }

}  // namespace lamplighter
