#include "schedule/calendar.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace lamplighter::schedule {
namespace {

using std::chrono::days;
using std::chrono::local_days;

constexpr int kFirstYear = 1970;
constexpr int kLastYear = 2199;
constexpr std::string_view kDots = "..";

/// All of `text` as a number without a sign.
std::optional<int> number(std::string_view text) {
  int value = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end || text.front() == '-') return std::nullopt;
  return value;
}

}  // namespace

std::optional<local_days> parse_day(std::string_view text) {
  if (text.size() != std::size("2026-12-25") - 1 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = number(text.substr(0, 4));
  const auto month = number(text.substr(5, 2));
  const auto day = number(text.substr(8));
  if (!year || !month || !day || *year < kFirstYear || *year > kLastYear) return std::nullopt;
  const auto date = std::chrono::year(*year) / *month / *day;
  if (!date.ok()) return std::nullopt;
  return local_days(date);
}

std::string format_day(local_days day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", int{date.year()}, unsigned{date.month()}, unsigned{date.day()});
}

std::optional<DayRange> parse_days(std::string_view text) {
  const auto dots = text.find(kDots);
  const auto first = parse_day(text.substr(0, dots));
  const auto last = dots == std::string_view::npos ? first : parse_day(text.substr(dots + kDots.size()));
  if (!first || !last || *last < *first) return std::nullopt;
  return DayRange{*first, *last};
}

std::string format_days(const DayRange& days) {
  if (days.first == days.last) return format_day(days.first);
  return fmt::format("{}{}{}", format_day(days.first), kDots, format_day(days.last));
}

Calendar::Calendar(std::vector<DayRange> ranges) {
  std::erase_if(ranges, [](const DayRange& range) { return range.last < range.first; });
  std::sort(ranges.begin(), ranges.end(),
            [](const DayRange& a, const DayRange& b) { return a.first < b.first; });
  for (const DayRange& range : ranges) {
    if (!ranges_.empty() && range.first <= ranges_.back().last + days(1)) {
      ranges_.back().last = std::max(ranges_.back().last, range.last);
    } else {
      ranges_.push_back(range);
    }
  }
}

bool Calendar::holds(local_days day) const {
  const auto after = std::upper_bound(ranges_.begin(), ranges_.end(), day,
                                      [](local_days d, const DayRange& range) { return d < range.first; });
  return after != ranges_.begin() && day <= std::prev(after)->last;
}

Calendar Calendar::within(const DayRange& bounds) const {
  std::vector<DayRange> cut = ranges_;
  for (DayRange& range : cut)
    range = {std::max(range.first, bounds.first), std::min(range.last, bounds.last)};
  return Calendar(std::move(cut));
}

}  // namespace lamplighter::schedule
