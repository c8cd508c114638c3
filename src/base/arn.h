// Amazon Resource Names: "arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lamplighter::aws {

struct Arn {
  std::string partition;
  std::string service;
  std::string region;
  std::string account;
  std::string resource;  ///< the rest, colons included: "function:start-stop:live"
};

/// nullopt where `text` is none.
std::optional<Arn> parse_arn(std::string_view text);

}  // namespace lamplighter::aws
