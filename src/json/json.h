// JSON: read and written exactly (parser.h, writer.h), and small helpers for values that come from outside.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/result.h"
#include "json/parser.h"
#include "json/writer.h"

namespace lamplighter {

namespace json = boost::json;

/// The member `key`, or nullptr where `value` is no object or has none.
const json::value* find(const json::value& value, std::string_view key);

/// The member `key` as text, number or truth; `fallback` where it is missing or of another type.
std::string get_string(const json::value& value, std::string_view key, std::string_view fallback = "");
std::int64_t get_int(const json::value& value, std::string_view key, std::int64_t fallback = 0);
bool get_bool(const json::value& value, std::string_view key, bool fallback = false);

}  // namespace lamplighter
