#include "asl/json_problem.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace lamplighter::asl {
namespace {

constexpr std::size_t kShown = 500;  // more of a text the service does not repeat

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$'; }

std::string quoted(std::string_view text) {
  if (text.size() <= kShown) return fmt::format("\"{}\"", text);
  return fmt::format("\"{}\"[truncated {} chars]", text.substr(0, kShown), text.size() - kShown);
}

}  // namespace

std::optional<JsonProblem> unrecognized_token(std::string_view text) {
  const std::size_t start = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  const auto* const end = std::find_if_not(text.begin() + start, text.end(), is_word);
  const std::string_view token = text.substr(start, static_cast<std::size_t>(end - text.begin()) - start);
  if (token.empty() || std::isdigit(static_cast<unsigned char>(token.front())) != 0) return std::nullopt;
  if (token == "true" || token == "false" || token == "null") return std::nullopt;
  const std::string_view before = text.substr(0, start + token.size());
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto column = before.size() - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0
  return JsonProblem{
      fmt::format("Unrecognized token '{}': was expecting (JSON String, Number, Array, Object or token "
                  "'null', 'true' or 'false')",
                  token),
      fmt::format("[Source: (String){}; line: {}, column: {}]", quoted(text), line, column)};
}

}  // namespace lamplighter::asl
