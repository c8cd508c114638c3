#include "schedule/posix_rule.h"

#include <cctype>

#include <fmt/format.h>

namespace lamplighter::schedule {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::seconds;

constexpr int kMaxOffsetHours = 24;
constexpr int kMaxTimeHours = 167;  // a week less an hour
constexpr std::size_t kMaxLength = 256;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

/// Reads from the front; what isn't there is nullopt or false.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  bool take(char wanted) {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<int> number(int low, int high) {
    int value = 0;
    std::size_t digits = 0;
    for (; digits < rest_.size() && digits < 3 && is_digit(rest_[digits]); ++digits)
      value = value * 10 + (rest_[digits] - '0');
    rest_.remove_prefix(digits);
    return digits > 0 && value >= low && value <= high ? std::optional(value) : std::nullopt;
  }

  /// "CEST" or "<+0330>".
  bool name() {
    const bool quoted = take('<');
    std::size_t length = 0;
    const auto belongs = [&](char c) {
      return is_letter(c) || (quoted && (is_digit(c) || c == '+' || c == '-'));
    };
    while (length < rest_.size() && belongs(rest_[length])) ++length;
    rest_.remove_prefix(length);
    return length > 0 && (!quoted || take('>'));
  }

  /// "[+-]hh[:mm[:ss]]"
  std::optional<seconds> time(int max_hours) {
    const bool negative = take('-');
    if (!negative) take('+');
    const auto hours = number(0, max_hours);
    const auto minutes = take(':') ? number(0, 59) : 0;
    const auto rest = take(':') ? number(0, 59) : 0;
    if (!hours || !minutes || !rest) return std::nullopt;
    const seconds sum{*hours * 3600 + *minutes * 60 + *rest};
    return negative ? -sum : sum;
  }

 private:
  std::string_view rest_;
};

std::optional<YearlyDate> read_day(Cursor& cursor) {
  YearlyDate date;
  std::optional<int> day;
  if (cursor.take('M')) {
    date.kind = YearlyDate::Kind::weekday;
    const auto month = cursor.number(1, 12);
    const auto week = cursor.take('.') ? cursor.number(1, 5) : std::nullopt;
    day = cursor.take('.') ? cursor.number(0, 6) : std::nullopt;
    if (!month || !week) return std::nullopt;
    date.month = *month;
    date.week = *week;
  } else if (cursor.take('J')) {
    day = cursor.number(1, 365);
  } else {
    date.kind = YearlyDate::Kind::of_366;
    day = cursor.number(0, 365);
  }
  if (!day) return std::nullopt;
  date.day = *day;
  return date;
}

std::optional<YearlyDate> read_date(Cursor& cursor) {
  auto date = read_day(cursor);
  if (!date || !cursor.take('/')) return date;
  const auto time = cursor.time(kMaxTimeHours);
  if (!time) return std::nullopt;
  date->time = *time;
  return date;
}

std::optional<PosixRule> read_rule(Cursor& cursor) {
  PosixRule rule;
  if (!cursor.name()) return std::nullopt;
  const auto behind = cursor.time(kMaxOffsetHours);  // POSIX counts how far a zone is behind UTC
  if (!behind) return std::nullopt;
  rule.offset = -*behind;
  if (cursor.at_end()) return rule;
  PosixRule::Summer summer{rule.offset + std::chrono::hours(1), {}, {}};
  if (!cursor.name()) return std::nullopt;
  if (!cursor.take(',')) {
    const auto summer_behind = cursor.time(kMaxOffsetHours);
    if (!summer_behind || !cursor.take(',')) return std::nullopt;
    summer.offset = -*summer_behind;
  }
  const auto begin = read_date(cursor);
  const auto end = cursor.take(',') ? read_date(cursor) : std::nullopt;
  if (!begin || !end || !cursor.at_end()) return std::nullopt;
  summer.begin = *begin;
  summer.end = *end;
  rule.summer = summer;
  return rule;
}

}  // namespace

std::chrono::local_seconds YearlyDate::in(std::chrono::year year) const {
  const local_days new_year(year / std::chrono::January / 1);
  switch (kind) {
    case Kind::of_365:
      return new_year + days(day - 1 + (year.is_leap() && day >= 60 ? 1 : 0)) + time;
    case Kind::of_366:
      return new_year + days(day) + time;
    case Kind::weekday:
      break;
  }
  const auto in_month = year / std::chrono::month(static_cast<unsigned>(month));
  const std::chrono::weekday wanted(static_cast<unsigned>(day));
  if (week == 5) return local_days(in_month / wanted[std::chrono::last]) + time;
  return local_days(in_month / wanted[static_cast<unsigned>(week)]) + time;
}

Result<PosixRule> parse_posix_rule(std::string_view text) {
  Cursor cursor(text);
  if (text.size() <= kMaxLength) {
    if (const auto rule = read_rule(cursor)) return *rule;
  }
  return fail(ErrorKind::bad_input, "InvalidTimeZone",
              fmt::format("found \"{}\" as the rule of a time zone, expected one such as "
                          "\"CET-1CEST,M3.5.0,M10.5.0/3\"",
                          text.substr(0, 64)));
}

}  // namespace lamplighter::schedule
