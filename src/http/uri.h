// Percent-encoding, as Signature Version 4 and HTML forms both accept it.
#pragma once

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

}  // namespace lamplighter::http
