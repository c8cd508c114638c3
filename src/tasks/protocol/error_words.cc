#include "tasks/protocol/error_words.h"

#include <fmt/format.h>

#include "json/json.h"

namespace lamplighter::tasks {
namespace {

/// A cut may leave the beginning of an escape, or of a member.
constexpr int kMostDropped = 16;

/// The message in a function's error; "" where there is none.
std::string message_in(const std::string& cause) {
  if (const auto body = parse_json(cause)) return get_string(*body, "errorMessage");
  if (!cause.starts_with('{')) return "";
  std::string cut = cause;
  for (int i = 0; i <= kMostDropped && !cut.empty(); ++i, cut.pop_back()) {
    if (const auto body = parse_json(cut + "\"}")) return get_string(*body, "errorMessage");
  }
  return "";
}

}  // namespace

std::string error_words(const std::string& error, const std::string& cause) {
  const std::string message = message_in(cause);
  const std::string& words = message.empty() ? cause : message;
  return words.empty() ? error : fmt::format("{}: {}", error, words);
}

}  // namespace lamplighter::tasks
