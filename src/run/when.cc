#include "run/when.h"

#include <charconv>
#include <optional>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/duration.h"
#include "base/plain_text.h"
#include "schedule/time_zone.h"
#include "tasks/admission/override.h"

namespace lamplighter::run {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::minutes;

tl::unexpected<Error> invalid(const std::string& text, const std::string& timezone,
                              std::string_view why = "") {
  return fail(
      ErrorKind::bad_input, "InvalidMoment",
      fmt::format("found \"{}\"{}, expected such as 22:00, tomorrow 08:00 or 2026-12-24 22:00, on the "
                  "clock of {}, or \"for 3h\"",
                  plain_line(text), why, timezone));
}

/// Exactly so many digits at `at`.
std::optional<int> number(std::string_view text, std::size_t at, std::size_t digits) {
  if (text.size() < at + digits) return std::nullopt;
  int value = 0;
  const char* const begin = text.data() + at;
  for (const char* c = begin; c != begin + digits; ++c) {
    if (*c < '0' || *c > '9') return std::nullopt;
    value = value * 10 + (*c - '0');
  }
  return value;
}

/// "22:00".
std::optional<minutes> time_of_day(std::string_view text) {
  const auto hour = number(text, 0, 2);
  const auto minute = number(text, 3, 2);
  if (text.size() != 5 || text[2] != ':' || !hour || !minute || *hour > 23 || *minute > 59)
    return std::nullopt;
  return minutes(*hour * 60 + *minute);
}

/// "2026-12-24", "tomorrow", "today", or nothing for today.
std::optional<local_days> day_of(std::string_view text, local_days today) {
  if (text.empty() || text == "today") return today;
  if (text == "tomorrow") return today + days(1);
  const auto year = number(text, 0, 4);
  const auto month = number(text, 5, 2);
  const auto day = number(text, 8, 2);
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  return date.ok() ? std::optional(local_days(date)) : std::nullopt;
}

Result<Time> after(const std::string& text, const std::string& timezone, Time now) {
  const auto lasts = parse_duration(text);
  if (!lasts || *lasts <= Duration::zero()) return invalid("for " + text, timezone);
  const Time end = std::chrono::ceil<minutes>(now + *lasts);
  return end <= now + tasks::kLongestOverride ? end : std::chrono::floor<minutes>(now + *lasts);
}

}  // namespace

Result<When> read_when(const std::vector<std::string>& words, std::size_t first) {
  const bool known = first < words.size() && (words[first] == "until" || words[first] == "for");
  if (!known || first + 1 == words.size()) {
    return fail(
        ErrorKind::bad_input, "Usage",
        fmt::format("found {}, expected such as until 22:00, until tomorrow 08:00, until 2026-12-24 22:00, "
                    "or for 3h",
                    first < words.size() ? "\"" + plain_line(words[first]) + "\"" : "no end"));
  }
  const auto rest = words.begin() + static_cast<std::ptrdiff_t>(first) + 1;
  return When{words[first] == "for", fmt::format("{}", fmt::join(rest, words.end(), " "))};
}

Result<Time> moment_of(const When& when, const std::string& timezone, Time now) {
  if (when.lasts) return after(when.text, timezone, now);
  if (const auto moment = parse_time(when.text)) return std::chrono::ceil<std::chrono::seconds>(*moment);
  const auto cut = when.text.find_first_of(" T");
  const std::string day = cut == std::string::npos ? "" : when.text.substr(0, cut);
  const auto today = std::chrono::floor<days>(schedule::to_local(timezone, now));
  const auto on = day_of(day, today);
  const auto at = time_of_day(cut == std::string::npos ? when.text : when.text.substr(cut + 1));
  if (!on || !at) return invalid(when.text, timezone);
  if (const auto moment = schedule::to_utc(timezone, *on + *at)) return *moment;
  return invalid(when.text, timezone, ", which that day's clock skips");
}

}  // namespace lamplighter::run
