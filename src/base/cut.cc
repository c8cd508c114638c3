#include "base/cut.h"

#include <algorithm>
#include <string_view>

namespace lamplighter {
namespace {

bool is_inside_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

}  // namespace

std::string cut_middle(std::string text, std::size_t bytes) {
  constexpr std::string_view kCut = "…";
  if (text.size() <= bytes) return text;
  const std::size_t kept = bytes - std::min(bytes, kCut.size());
  std::size_t head = kept * 3 / 5;
  std::size_t tail = text.size() - (kept - head);
  while (head > 0 && is_inside_character(text[head])) --head;
  while (tail < text.size() && is_inside_character(text[tail])) ++tail;
  return text.substr(0, head).append(kCut).append(text, tail);
}

}  // namespace lamplighter
