// JSON text to Boost.JSON as JavaScript reads it. Boost.JSON 1.81's own parser gives one double in ten its
// neighbour, and refuses the escape of a lone surrogate.
#pragma once

#include <string_view>

#include <boost/json.hpp>
#include <tl/expected.hpp>

namespace lamplighter::jsonata {

/// Parses one JSON text, nested at most `max_depth` deep. Numbers are the nearest doubles (or exact 64-bit
/// integers); a lone surrogate becomes its three bytes. The error is the reason.
tl::expected<boost::json::value, boost::system::error_code> parse_exactly(std::string_view text,
                                                                          std::size_t max_depth = 256);

}  // namespace lamplighter::jsonata
