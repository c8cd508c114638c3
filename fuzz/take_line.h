// A fuzzer's input in lines.
#pragma once

#include <string_view>

/// The text up to the next line break, which is taken off `text` along with it.
inline std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}
