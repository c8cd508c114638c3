#include "engine/core/repeated_text.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace lamplighter::engine {
namespace {

/// Shorter ones are not worth a look.
constexpr std::size_t kMinBytes = 256;
/// A state's input and output and a variable or two.
constexpr std::size_t kRemembered = 4;

/// Whether a character goes on at `at`, so that no cut may be there.
bool is_inside_character(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

/// How many bytes two texts share in front. Whole blocks are compared at once: texts are long and differ
/// little.
std::size_t common_front(std::string_view a, std::string_view b) {
  constexpr std::size_t kBlock = 256;
  const std::size_t most = std::min(a.size(), b.size());
  std::size_t at = 0;
  while (at + kBlock <= most && a.substr(at, kBlock) == b.substr(at, kBlock)) at += kBlock;
  while (at < most && a[at] == b[at]) ++at;
  while (at > 0 && is_inside_character(a, at)) --at;
  return at;
}

/// How many bytes two texts share at their end.
std::size_t common_back(std::string_view a, std::string_view b) {
  constexpr std::size_t kBlock = 256;
  const auto ends_alike = [&](std::size_t bytes) {
    return a.substr(a.size() - bytes, kBlock) == b.substr(b.size() - bytes, kBlock);
  };
  const std::size_t most = std::min(a.size(), b.size());
  std::size_t bytes = 0;
  while (bytes + kBlock <= most && ends_alike(bytes + kBlock)) bytes += kBlock;
  while (bytes < most && a[a.size() - bytes - 1] == b[b.size() - bytes - 1]) ++bytes;
  while (bytes > 0 && is_inside_character(a, a.size() - bytes)) --bytes;
  return bytes;
}

struct Kept {
  std::size_t back = 0;  ///< how many texts ago
  std::size_t front = 0;
  std::size_t behind = 0;
};

Kept kept_of(std::string_view text, std::string_view earlier) {
  Kept out;
  out.front = common_front(text, earlier);
  out.behind = common_back(text.substr(out.front), earlier.substr(out.front));
  return out;
}

/// Where `text` is kept nearly as it is.
Kept best_of(const SharedText& text, const std::deque<SharedText>& earlier) {
  Kept best;
  for (std::size_t i = 0; i < earlier.size() && best.front < text->size(); ++i) {
    auto kept = earlier[i] == text ? Kept{i, text->size(), 0} : kept_of(*text, *earlier[i]);
    kept.back = i;
    if (kept.front + kept.behind > best.front + best.behind) best = kept;
  }
  return best;
}

}  // namespace

void RepeatedTexts::write(std::string& out, std::string_view text) {
  if (text.size() < kMinBytes) return append_quoted(out, text);
  write(out, std::make_shared<const std::string>(text));
}

void RepeatedTexts::write(std::string& out, const SharedText& text) {
  if (text->size() < kMinBytes) return append_quoted(out, *text);
  const Kept best = best_of(text, texts_);
  const std::size_t saved = best.front + best.behind;
  if (saved < text->size() / 2) {
    append_quoted(out, *text);
  } else {
    fmt::format_to(std::back_inserter(out), "[{},{},", best.back, best.front);
    append_quoted(out, std::string_view(*text).substr(best.front, text->size() - saved));
    fmt::format_to(std::back_inserter(out), ",{}]", best.behind);
  }
  remember(text);
}

SharedText RepeatedTexts::read(const json::value& value) {
  if (const auto* plain = value.if_string()) {
    auto text = std::make_shared<const std::string>(*plain);
    if (text->size() >= kMinBytes) remember(text);
    return text;
  }
  const auto* parts = value.if_array();
  if (!parts || parts->size() != 4 || !parts->at(2).is_string()) return nullptr;
  const auto number = [&](std::size_t i) { return parts->at(i).to_number<std::size_t>(); };
  if (number(0) >= texts_.size()) return nullptr;
  const SharedText earlier = texts_[number(0)];
  const std::string_view fresh = parts->at(2).get_string();
  if (number(1) > earlier->size() || number(3) > earlier->size()) return nullptr;
  if (number(1) == earlier->size() && fresh.empty() && number(3) == 0) return earlier;
  std::string text;
  text.reserve(number(1) + fresh.size() + number(3));
  text.append(*earlier, 0, number(1)).append(fresh).append(*earlier, earlier->size() - number(3));
  auto out = std::make_shared<const std::string>(std::move(text));
  remember(out);
  return out;
}

void RepeatedTexts::remember(const SharedText& text) {
  const bool known = std::any_of(texts_.begin(), texts_.end(), [&](const SharedText& earlier) {
    return earlier == text || *earlier == *text;
  });
  if (known) return;
  texts_.push_front(text);
  if (texts_.size() > kRemembered) texts_.pop_back();
}

}  // namespace lamplighter::engine
