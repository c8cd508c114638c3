#include "schedule/content_lines.h"

#include <algorithm>

namespace lamplighter::schedule {
namespace {

/// Where the first of these characters stands outside of quotes; the text's size where none does.
std::size_t find_unquoted(std::string_view text, std::string_view characters, std::size_t from = 0) {
  bool quoted = false;
  for (std::size_t at = from; at < text.size(); ++at) {
    if (text[at] == '"') quoted = !quoted;
    if (!quoted && characters.find(text[at]) != std::string_view::npos) return at;
  }
  return text.size();
}

ContentLine take_apart(std::string_view text, int number) {
  const std::size_t colon = find_unquoted(text, ":");
  const std::size_t name = std::min(find_unquoted(text, ";"), colon);
  return {number, in_capitals(text.substr(0, name)), std::string(text.substr(name, colon - name)),
          std::string(text.substr(std::min(colon + 1, text.size())))};
}

}  // namespace

std::string in_capitals(std::string_view text) {
  std::string capitals(text);
  for (char& c : capitals) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return capitals;
}

std::string ContentLine::parameter(std::string_view wanted) const {
  for (std::size_t at = 0; at < parameters.size();) {
    const std::size_t end = find_unquoted(parameters, ";", at + 1);
    const std::string_view one = std::string_view(parameters).substr(at + 1, end - at - 1);
    at = end;
    const std::size_t equals = std::min(one.find('='), one.size());
    if (in_capitals(one.substr(0, equals)) != wanted || equals == one.size()) continue;
    std::string found(one.substr(equals + 1));
    std::erase(found, '"');
    return found;
  }
  return "";
}

ContentLines::ContentLines(std::string_view text) : rest_(text) {
  if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
}

std::string_view ContentLines::take_line() {
  const std::size_t end = std::min(rest_.find('\n'), rest_.size());
  std::string_view line = rest_.substr(0, end);
  rest_.remove_prefix(std::min(end + 1, rest_.size()));
  ++number_;
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::optional<ContentLine> ContentLines::next() {
  while (!rest_.empty()) {
    std::string text(take_line());
    const int number = number_;
    while (rest_.starts_with(' ') || rest_.starts_with('\t')) text += take_line().substr(1);
    if (!text.empty()) return take_apart(text, number);
  }
  return std::nullopt;
}

}  // namespace lamplighter::schedule
