// The lines of an iCalendar file (RFC 5545, 3.1), unfolded and taken apart. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lamplighter::schedule {

/// DTSTART;VALUE=DATE;TZID="Europe/Berlin":20261225
struct ContentLine {
  int number = 0;          ///< of its first line in the file, from 1
  std::string name;        ///< in capitals
  std::string parameters;  ///< ";VALUE=DATE;TZID=\"Europe/Berlin\"", or ""
  std::string value;

  /// The value of a parameter, without its quotes; "" where it is not given. `parameter`: in capitals.
  [[nodiscard]] std::string parameter(std::string_view wanted) const;
};

/// Lines end with LF or CRLF; a blank or a tab at a line's begin goes on with the one before. A byte order
/// mark at the begin, and empty lines, are passed over.
class ContentLines {
 public:
  /// Refers to the text.
  explicit ContentLines(std::string_view text);
  /// The next one; nothing at the end. One without a colon has its whole text as its name.
  std::optional<ContentLine> next();

 private:
  std::string_view take_line();
  std::string_view rest_;
  int number_ = 0;
};

/// In capitals, where they are ASCII's.
std::string in_capitals(std::string_view text);

}  // namespace lamplighter::schedule
