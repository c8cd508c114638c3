#include "jsonata/functions/text.h"

#include <algorithm>
#include <charconv>

namespace lamplighter::jsonata {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

unsigned char byte_at(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

// How many bytes the lead byte announces; 0 for one that cannot lead.
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

// The unit that the escape \uXXXX at `position` stands for.
std::optional<char32_t> escaped_unit(std::string_view json, std::size_t position) {
  if (json.substr(position, 2) != "\\u" || json.size() - position < 6) return std::nullopt;
  unsigned unit = 0;
  const char* digits = json.data() + position + 2;
  const auto result = std::from_chars(digits, digits + 4, unit, 16);
  return result.ptr == digits + 4 ? std::optional<char32_t>(unit) : std::nullopt;
}

}  // namespace

char32_t next_code_point(std::string_view text, std::size_t& position) {
  static constexpr unsigned char kLeadBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  const unsigned char lead = byte_at(text, position);
  const std::size_t length = sequence_length(lead);
  if (length == 1) return text[position++] & 0x7F;
  if (length == 0 || text.size() - position < length) return ++position, kReplacement;
  char32_t code_point = lead & kLeadBits[length];
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned char next = byte_at(text, position + i);
    if ((next & 0xC0U) != 0x80) return ++position, kReplacement;
    code_point = (code_point << 6U) | (next & 0x3FU);
  }
  position += length;
  return code_point > 0x10FFFF ? kReplacement : code_point;
}

void append_code_point(std::string& text, char32_t c) {
  const auto push = [&text](char32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (c < 0x80) return push(c);
  if (c < 0x800) {
    push(0xC0 | (c >> 6U));
  } else if (c < 0x10000) {
    push(0xE0 | (c >> 12U));
    push(0x80 | ((c >> 6U) & 0x3F));
  } else {
    push(0xF0 | (c >> 18U));
    push(0x80 | ((c >> 12U) & 0x3F));
    push(0x80 | ((c >> 6U) & 0x3F));
  }
  push(0x80 | (c & 0x3F));
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++count) next_code_point(text, i);
  return count;
}

std::size_t count_units(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size();) count += next_code_point(text, i) >= 0x10000 ? 2 : 1;
  return count;
}

int compare_units(std::string_view left, std::string_view right) {
  const std::size_t common = std::min(left.size(), right.size());
  std::size_t i = 0;
  while (i < common && left[i] == right[i]) ++i;
  if (i == left.size() || i == right.size()) {
    return left.size() == right.size() ? 0 : (left.size() < right.size() ? -1 : 1);
  }
  const unsigned char a = byte_at(left, i);
  const unsigned char b = byte_at(right, i);
  // UTF-8 orders as code points do. UTF-16 differs only where one side is beyond U+FFFF (its first unit is a
  // surrogate, D800 to DFFF) and the other in U+E000 to U+FFFF.
  if (a >= 0xF0 && b >= 0xEE && b < 0xF0) return -1;
  if (b >= 0xF0 && a >= 0xEE && a < 0xF0) return 1;
  return a < b ? -1 : 1;
}

std::u16string to_units(std::string_view text) {
  std::u16string units;
  units.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const char32_t c = next_code_point(text, i);
    if (c >= 0x10000) {
      units.push_back(static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10U)));
      units.push_back(static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF)));
    } else {
      units.push_back(static_cast<char16_t>(c));
    }
  }
  return units;
}

std::string from_units(std::u16string_view units) {
  std::string text;
  text.reserve(units.size());
  for (std::size_t i = 0; i < units.size(); ++i) {
    char32_t c = units[i];
    if (is_high_surrogate(c) && i + 1 < units.size() && is_low_surrogate(units[i + 1])) {
      c = 0x10000 + ((c - 0xD800) << 10U) + (units[++i] - 0xDC00U);
    }
    append_code_point(text, c);
  }
  return text;
}

std::size_t offset_of_code_point(std::string_view text, std::size_t count) {
  std::size_t offset = 0;
  for (; count > 0 && offset < text.size(); --count) next_code_point(text, offset);
  return offset;
}

bool has_lone_surrogate(std::string_view text) {
  for (std::size_t i = text.find('\xED'); i != std::string_view::npos; i = text.find('\xED', i + 1)) {
    if (i + 1 < text.size() && byte_at(text, i + 1) >= 0xA0) return true;
  }
  return false;
}

std::string without_lone_surrogates(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const char32_t c = next_code_point(text, i);
    append_code_point(clean, is_surrogate(c) ? kReplacement : c);
  }
  return clean;
}

bool splits_a_pair(std::string_view left, std::string_view right) {
  if (left.size() < 3 || right.size() < 3 || right[0] != '\xED' || byte_at(right, 1) < 0xB0) return false;
  const std::size_t lead = left.size() - 3;
  return left[lead] == '\xED' && byte_at(left, lead + 1) >= 0xA0 && byte_at(left, lead + 1) < 0xB0;
}

std::string with_surrogates_as_bytes(std::string_view json) {
  std::string text;
  text.reserve(json.size());
  for (std::size_t i = 0; i < json.size();) {
    const auto unit = json[i] == '\\' ? escaped_unit(json, i) : std::nullopt;
    const auto next = unit && is_high_surrogate(*unit) ? escaped_unit(json, i + 6) : std::nullopt;
    if (unit && is_surrogate(*unit) && !(next && is_low_surrogate(*next))) {
      append_code_point(text, *unit);
      i += 6;
    } else {
      const std::size_t length = next ? 12 : (json[i] == '\\' && i + 1 < json.size() ? 2 : 1);
      text.append(json.substr(i, length));
      i += length;
    }
  }
  return text;
}

}  // namespace lamplighter::jsonata
