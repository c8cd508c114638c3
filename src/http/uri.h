// Percent-encoding, as Signature Version 4 and HTML forms both accept it, written and read.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamplighter::http {

/// Form parameters in the order in which they are sent: {"InstanceId.1", "i-0a…"}.
using Parameters = std::vector<std::pair<std::string, std::string>>;

/// Everything but RFC 3986's unreserved characters as %XX.
std::string percent_encode(std::string_view text);

/// "A=1&B=x%20y", in the parameters' order.
std::string form_encode(const Parameters& parameters);

/// Undoes percent-encoding; a '%' that begins no escape stays as it is.
std::string percent_decode(std::string_view text);

/// "A=1&B=x+y" as parameters, in their order; "+" is a blank. What has no name is left out. nullopt where
/// there are more than `max`.
std::optional<Parameters> form_decode(std::string_view form, std::size_t max);

/// What a server was asked for: "/tags/arn%3Aaws?TagKeys=a" is {{"tags", "arn:aws"}, {{"TagKeys", "a"}}}.
struct Target {
  std::vector<std::string> path;  ///< its segments, decoded
  Parameters query;
};
/// nullopt where the query has more than a thousand parameters.
std::optional<Target> parse_target(std::string_view url);

}  // namespace lamplighter::http
