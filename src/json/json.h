// Small helpers over Boost.JSON for reading JSON that comes from outside.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/result.h"

namespace lamplighter {

namespace json = boost::json;

/// Parses text of at most `max_bytes`, nested at most `max_depth` deep. Error: bad_input "InvalidJson" with
/// the byte offset.
Result<json::value> parse_json(std::string_view text, std::size_t max_depth = 128,
                               std::size_t max_bytes = std::size_t{64} << 20);

/// The member `key`, or nullptr where `value` is no object or has none.
const json::value* find(const json::value& value, std::string_view key);

/// The member `key` as text, number or truth; `fallback` where it is missing or of another type.
std::string get_string(const json::value& value, std::string_view key, std::string_view fallback = "");
std::int64_t get_int(const json::value& value, std::string_view key, std::int64_t fallback = 0);
bool get_bool(const json::value& value, std::string_view key, bool fallback = false);

/// Indented by two spaces, keys in their order, ends with a line break: for people and for diffs.
std::string pretty(const json::value& value);

}  // namespace lamplighter
