#include "schedule/expression.h"

#include <array>
#include <cctype>
#include <charconv>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "base/clock.h"

namespace lamplighter::schedule {
namespace {

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorKind::bad_input, "InvalidSchedule", std::move(message));
}

struct Field {
  std::string_view name;
  int low;
  int high;
  std::span<const std::string_view> words;  ///< names of the values from `low` on
};

constexpr std::array<std::string_view, 12> kMonthNames{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                       "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> kDayNames{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

constexpr Field kMinutes{"minutes", 0, 59, {}};
constexpr Field kHours{"hours", 0, 23, {}};
constexpr Field kDaysOfMonth{"day of month", 1, 31, {}};
constexpr Field kMonths{"month", 1, 12, kMonthNames};
constexpr Field kDaysOfWeek{"day of week", 1, 7, kDayNames};
constexpr Field kYears{"year", 1970, 2199, {}};

tl::unexpected<Error> bad_field(const Field& field, std::string_view found) {
  std::string expected = fmt::format("{} to {}", field.low, field.high);
  if (!field.words.empty()) expected += fmt::format(" or {} to {}", field.words.front(), field.words.back());
  return refuse(fmt::format("found \"{}\" as the {} of a cron expression, expected {}, with *, -, / and ,",
                            found, field.name, expected));
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (const std::string_view part : split(text, ' ')) {
    if (!part.empty()) words.push_back(part);
  }
  return words;
}

std::optional<int> to_number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.starts_with('-') || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool same_word(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::toupper(static_cast<unsigned char>(a[i])) != std::toupper(static_cast<unsigned char>(b[i])))
      return false;
  }
  return true;
}

std::optional<int> value_of(const Field& field, std::string_view text) {
  for (std::size_t i = 0; i < field.words.size(); ++i) {
    if (same_word(field.words[i], text)) return field.low + static_cast<int>(i);
  }
  const auto number = to_number(text);
  if (!number || *number < field.low || *number > field.high) return std::nullopt;
  return number;
}

struct Range {
  int first;
  int last;
  int step = 1;
};

/// "*", "5", "MON-FRI", "0/15", "*/10", "8-18/2". A range may wrap ("FRI-MON", "22-2").
std::optional<Range> range_of(const Field& field, std::string_view text) {
  Range range{field.low, field.high};
  const std::vector<std::string_view> by_step = split(text, '/');
  if (by_step.size() > 2) return std::nullopt;
  if (by_step.size() == 2) {
    const auto step = to_number(by_step[1]);
    if (!step || *step < 1 || *step > field.high) return std::nullopt;
    range.step = *step;
  }
  if (by_step[0] == "*") return range;
  const std::vector<std::string_view> bounds = split(by_step[0], '-');
  if (bounds.size() > 2) return std::nullopt;
  const auto first = value_of(field, bounds.front());
  const auto last = value_of(field, bounds.back());
  if (!first || !last) return std::nullopt;
  range.first = *first;
  if (bounds.size() == 2 || by_step.size() == 1) range.last = *last;
  return range;
}

/// Sets the bits of a comma-separated list of ranges, counted from `offset`.
template <std::size_t N>
Status read_list(const Field& field, std::string_view text, std::bitset<N>& bits, int offset = 0) {
  for (const std::string_view part : split(text, ',')) {
    const auto range = range_of(field, part);
    if (!range) return bad_field(field, text);
    const int span = field.high - field.low + 1;
    const int length = (range->last - range->first + span) % span;
    for (int i = 0; i <= length; i += range->step) {
      bits.set(static_cast<std::size_t>(field.low + (range->first - field.low + i) % span - offset));
    }
  }
  return {};
}

/// One of a list of days: "L", "LW", "15W", or whatever other fields have too.
Status read_day_of_month(std::string_view text, Cron::DaysOfMonth& days) {
  if (same_word(text, "L")) {
    days.last = true;
  } else if (same_word(text, "LW")) {
    days.nearest_weekday = 0;
  } else if (text.size() > 1 && same_word(text.substr(text.size() - 1), "W")) {
    days.nearest_weekday = value_of(kDaysOfMonth, text.substr(0, text.size() - 1));
    if (!days.nearest_weekday) return bad_field(kDaysOfMonth, text);
  } else {
    return read_list(kDaysOfMonth, text, days.days);
  }
  return {};
}

Result<std::optional<Cron::DaysOfMonth>> read_days_of_month(std::string_view text) {
  if (text == "?") return std::nullopt;
  Cron::DaysOfMonth days;
  for (const std::string_view part : split(text, ',')) CHECK_OK(read_day_of_month(part, days));
  return days;
}

Result<std::optional<Cron::DaysOfWeek>> read_days_of_week(std::string_view text) {
  if (text == "?") return std::nullopt;
  if (text.find('/') != std::string_view::npos)
    return bad_field(kDaysOfWeek, text);  // the service has no steps here
  Cron::DaysOfWeek days;
  const std::vector<std::string_view> by_nth = split(text, '#');
  if (by_nth.size() == 2) {
    const auto nth = to_number(by_nth[1]);
    if (!nth || *nth < 1 || *nth > 5) return bad_field(kDaysOfWeek, text);
    days.nth = *nth;
    text = by_nth[0];
    if (!value_of(kDaysOfWeek, text)) return bad_field(kDaysOfWeek, text);
  } else if (text == "L" || text == "l") {
    text = "SAT";
  } else if (text.size() > 1 && (text.back() == 'L' || text.back() == 'l')) {
    days.last = true;
    text.remove_suffix(1);
    if (!value_of(kDaysOfWeek, text)) return bad_field(kDaysOfWeek, text);
  }
  CHECK_OK(read_list(kDaysOfWeek, text, days.days));
  return days;
}

}  // namespace

Result<Cron> parse_cron(std::string_view fields) {
  const std::vector<std::string_view> words = words_of(fields);
  if (words.size() != 6) {
    return refuse(
        fmt::format("found {} fields in the cron expression \"{}\", expected 6: minutes, hours, day of "
                    "month, month, day of week, year, such as \"0 6 ? * MON-FRI *\"",
                    words.size(), fields.substr(0, 64)));
  }
  Cron cron;
  CHECK_OK(read_list(kMinutes, words[0], cron.minutes));
  CHECK_OK(read_list(kHours, words[1], cron.hours));
  cron.days_of_month = TRY(read_days_of_month(words[2]));
  CHECK_OK(read_list(kMonths, words[3], cron.months));
  cron.days_of_week = TRY(read_days_of_week(words[4]));
  CHECK_OK(read_list(kYears, words[5], cron.years, kYears.low));
  if (cron.days_of_month.has_value() == cron.days_of_week.has_value()) {
    return refuse(
        fmt::format("found \"{}\" as the day of month and \"{}\" as the day of week, expected \"?\" in "
                    "exactly one of them",
                    words[2], words[4]));
  }
  return cron;
}

Result<Rate> parse_rate(std::string_view text) {
  const std::vector<std::string_view> words = words_of(text);
  constexpr std::array<std::pair<std::string_view, int>, 3> kUnits{
      {{"minute", 1}, {"hour", 60}, {"day", 1440}}};
  if (words.size() == 2) {
    const auto count = to_number(words[0]);
    std::string_view unit = words[1];
    if (unit.ends_with('s')) unit.remove_suffix(1);
    for (const auto& [name, minutes] : kUnits) {
      if (name == unit && count && *count > 0 && *count < 1'000'000) {
        return Rate{std::chrono::minutes{static_cast<std::int64_t>(*count) * minutes}};
      }
    }
  }
  return refuse(fmt::format("found \"{}\", expected a rate such as \"12 hours\" (minutes, hours or days)",
                            text.substr(0, 64)));
}

Result<At> parse_at(std::string_view text) {
  const auto time = parse_time(std::string(text) + "Z");
  constexpr std::size_t kLength = std::string_view("2026-12-24T06:00:00").size();
  if (!time || text.size() != kLength || text[10] != 'T') {
    return refuse(
        fmt::format("found \"{}\", expected a moment such as \"2026-12-24T06:00:00\", without a zone",
                    text.substr(0, 64)));
  }
  const auto since_epoch = std::chrono::floor<std::chrono::seconds>(time->time_since_epoch());
  return At{std::chrono::local_time<std::chrono::seconds>{since_epoch}};
}

Result<Expression> parse_expression(std::string_view text) {
  const std::size_t open = text.find('(');
  if (open != std::string_view::npos && text.ends_with(')')) {
    const std::string_view kind = text.substr(0, open);
    const std::string_view inner = text.substr(open + 1, text.size() - open - 2);
    if (kind == "cron") return TRY(parse_cron(inner));
    if (kind == "rate") return TRY(parse_rate(inner));
    if (kind == "at") return TRY(parse_at(inner));
  }
  return refuse(fmt::format("found \"{}\", expected cron(…), rate(…) or at(…)", text.substr(0, 64)));
}

}  // namespace lamplighter::schedule
