#include "tasks/protocol/packed_ids.h"

#include <algorithm>
#include <cstdint>

#include "json/reader.h"

namespace lamplighter::tasks {
namespace {

constexpr std::string_view kPrefix = "i-";
constexpr std::size_t kDigits = 17;
constexpr std::size_t kPacked = 12;
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kHex = "0123456789abcdef";

bool is_usual(std::string_view id) {
  return id.size() == kPrefix.size() + kDigits && id.starts_with(kPrefix) &&
         id.find_first_not_of(kHex, kPrefix.size()) == std::string_view::npos;
}

/// Three digits are two characters; the eighteenth digit is a zero that is not shown.
std::string pack(std::string_view id) {
  const std::string digits = std::string(id.substr(kPrefix.size())) + '0';
  std::string packed;
  for (std::size_t at = 0; at < digits.size(); at += 3) {
    std::size_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) bits = bits * 16 + kHex.find(digits[at + i]);
    packed += kAlphabet[bits / 64];
    packed += kAlphabet[bits % 64];
  }
  return packed;
}

/// "" for what pack() does not make.
std::string unpack(std::string_view packed) {
  std::string id(kPrefix);
  for (std::size_t at = 0; at < packed.size(); at += 2) {
    const std::size_t high = kAlphabet.find(packed[at]);
    const std::size_t low = kAlphabet.find(packed[at + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return "";
    const std::size_t bits = high * 64 + low;
    for (const std::size_t digit : {bits / 256, bits / 16 % 16, bits % 16}) id += kHex[digit];
  }
  if (id.back() != '0') return "";
  id.pop_back();
  return id;
}

}  // namespace

json::array pack_ids(const std::vector<std::string>& ids) {
  std::string packed;
  json::array texts;
  for (const auto& id : ids) {
    if (is_usual(id)) {
      packed += pack(id);
    } else {
      texts.emplace_back(id);
    }
  }
  if (!packed.empty()) texts.insert(texts.begin(), json::value(packed));
  return texts;
}

Result<std::vector<std::string>> read_packed_ids(const Reader& fields, std::string_view key) {
  std::vector<std::string> ids;
  for (auto& text : TRY(fields.optional_texts(key))) {
    if (text.starts_with(kPrefix)) {
      ids.push_back(std::move(text));
      continue;
    }
    if (text.size() % kPacked != 0) return fields.unexpected(key, "packed instance ids");
    for (std::size_t at = 0; at < text.size(); at += kPacked) {
      ids.push_back(unpack(std::string_view(text).substr(at, kPacked)));
      if (ids.back().empty()) return fields.unexpected(key, "packed instance ids");
    }
  }
  return ids;
}

}  // namespace lamplighter::tasks
