// JSON text → values, exactly: Boost.JSON 1.81's own parsers give one double in ten its neighbour.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/result.h"

namespace lamplighter {

namespace json = boost::json;

struct ParseOptions {
  std::size_t max_depth = 128;
  std::size_t max_bytes = std::size_t{64} << 20;
  /// One of two bytes ("1,") takes 24 in memory, and as much again while an array grows.
  std::size_t max_values = SIZE_MAX;
  /// As JavaScript's strings and numbers are: bytes that are not UTF-8, infinity and -0 are let through.
  bool as_javascript = false;
  std::string* compact = nullptr;  ///< receives the text without white space, each number as it was written
};

/// Reads one JSON value. Numbers are 64-bit integers, else the nearest doubles; one that no double comes near
/// is refused, and -0 is 0, so that every value that was read is the same after writing and reading. Error:
/// bad_input "InvalidJson" with the byte offset.
Result<json::value> parse_json(std::string_view text, const ParseOptions& options);

inline Result<json::value> parse_json(std::string_view text, std::size_t max_depth = ParseOptions().max_depth,
                                      std::size_t max_bytes = ParseOptions().max_bytes) {
  return parse_json(text, ParseOptions{.max_depth = max_depth, .max_bytes = max_bytes});
}

}  // namespace lamplighter
