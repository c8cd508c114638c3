#include "tasks/protocol/error_words.h"

#include <fmt/format.h>

#include "json/json.h"

namespace lamplighter::tasks {

std::string error_words(const std::string& error, const std::string& cause) {
  const auto body = parse_json(cause);
  const std::string message = body ? get_string(*body, "errorMessage") : "";
  const std::string& words = message.empty() ? cause : message;
  return words.empty() ? error : fmt::format("{}: {}", error, words);
}

}  // namespace lamplighter::tasks
