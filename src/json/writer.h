// Values → JSON text. Numbers are written as JavaScript writes them ("0.1", "1e+21"; Boost.JSON has "1E-1"),
// so that each reads back as the same number; what is not finite is null, and -0 is 0.
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

namespace lamplighter {

namespace json = boost::json;

/// Without white space.
std::string json_text(const json::value& value);
std::string json_text(const json::array& array);
std::string json_text(const json::object& object);

/// Appends a text, in quotes.
void append_quoted(std::string& out, std::string_view text);

/// Indented by two spaces, keys in their order, ends with a line break: for people and for diffs.
std::string pretty(const json::value& value);

}  // namespace lamplighter
