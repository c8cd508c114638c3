// A set of civil days, such as a year's holidays. Which moments they are is for whoever asks to say, by a
// time zone of its own. Pure values.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lamplighter::schedule {

/// Days in a row, both ends included.
struct DayRange {
  std::chrono::local_days first;
  std::chrono::local_days last;
  bool operator==(const DayRange&) const = default;
};

/// "2026-12-25". Nothing for a day that no month has, and for years other than 1970 to 2199.
std::optional<std::chrono::local_days> parse_day(std::string_view text);
std::string format_day(std::chrono::local_days day);

/// "2026-12-25", or "2026-12-28..2027-01-01": the latter must not end before it begins.
std::optional<DayRange> parse_days(std::string_view text);
std::string format_days(const DayRange& days);

class Calendar {
 public:
  Calendar() = default;
  /// In any order; they may overlap. One that ends before it begins has no days.
  explicit Calendar(std::vector<DayRange> ranges);

  [[nodiscard]] bool holds(std::chrono::local_days day) const;
  /// In rising order, with at least a day between two of them.
  [[nodiscard]] const std::vector<DayRange>& ranges() const { return ranges_; }
  /// Those of its days that lie within.
  [[nodiscard]] Calendar within(const DayRange& bounds) const;
  bool operator==(const Calendar&) const = default;

 private:
  std::vector<DayRange> ranges_;
};

}  // namespace lamplighter::schedule
