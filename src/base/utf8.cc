#include "base/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace lamplighter {
namespace {

struct Sequence {
  std::size_t length = 0;  ///< 0: no valid first byte
  unsigned char second_low = 0x80;
  unsigned char second_high = 0xBF;
};

/// What must follow a first byte. The bounds of the second byte keep out overlong forms, surrogates and what
/// lies past U+10FFFF.
Sequence sequence_of(unsigned char first) {
  if (first < 0x80) return {1};
  if (first < 0xC2 || first > 0xF4) return {0};
  if (first < 0xE0) return {2};
  if (first == 0xE0) return {3, 0xA0};
  if (first == 0xED) return {3, 0x80, 0x9F};
  if (first < 0xF0) return {3};
  if (first == 0xF0) return {4, 0x90};
  if (first == 0xF4) return {4, 0x80, 0x8F};
  return {4};
}

/// The character at the front of some text: its bytes, as far as they are right.
struct Front {
  std::size_t bytes = 0;  ///< 0: not even the first can begin a character
  bool complete = false;
};

Front front_of(std::string_view text) {
  const Sequence sequence = sequence_of(static_cast<unsigned char>(text.front()));
  Front front{sequence.length == 0 ? std::size_t{0} : std::size_t{1}};
  for (; front.bytes > 0 && front.bytes < sequence.length && front.bytes < text.size(); ++front.bytes) {
    const auto byte = static_cast<unsigned char>(text[front.bytes]);
    const bool second = front.bytes == 1;
    if (byte < (second ? sequence.second_low : 0x80) || byte > (second ? sequence.second_high : 0xBF)) break;
  }
  front.complete = front.bytes > 0 && front.bytes == sequence.length;
  return front;
}

/// How many leading bytes are whole words of ASCII. Most text is, and payloads are long.
std::size_t ascii_words(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::size_t at = 0;
  for (std::uint64_t word = 0; at + sizeof(word) <= text.size(); at += sizeof(word)) {
    std::memcpy(&word, text.data() + at, sizeof(word));
    if ((word & kHighBits) != 0) break;
  }
  return at;
}

}  // namespace

std::size_t valid_utf8_prefix(std::string_view text) {
  std::size_t at = 0;
  while ((at += ascii_words(text.substr(at))) < text.size()) {
    const Front front = front_of(text.substr(at));
    if (!front.complete) return at;
    at += front.bytes;
  }
  return at;
}

std::string mend_utf8(std::string_view text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  std::string mended;
  mended.reserve(text.size());
  while (true) {
    const std::size_t valid = valid_utf8_prefix(text);
    mended += text.substr(0, valid);
    text.remove_prefix(valid);
    if (text.empty()) return mended;
    mended += kReplacement;
    text.remove_prefix(std::max<std::size_t>(1, front_of(text).bytes));
  }
}

std::size_t count_characters(std::string_view text) {
  const auto begins = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins));
}

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

}  // namespace lamplighter
