// What is wrong with a text that is no JSON, in the service's words where they are known.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lamplighter::asl {

struct JsonProblem {
  std::string message;
  std::string place;  ///< "[Source: (String)"…"; line: 1, column: 4]"
};

/// Of a text that begins with a word which is none of JSON's; nullopt for all others.
std::optional<JsonProblem> unrecognized_token(std::string_view text);

}  // namespace lamplighter::asl
