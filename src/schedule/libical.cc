#include "schedule/libical.h"

#include <algorithm>
#include <ctime>
#include <memory>
#include <span>
#include <string_view>

#include <fmt/format.h>
#include <libical/ical.h>

#include "base/cut.h"
#include "base/lazy_library.h"
#include "base/plain_text.h"
#include "schedule/content_lines.h"

namespace lamplighter::schedule {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::seconds;

constexpr std::size_t kMaxQuoted = 60;
constexpr days kMaxDuration{36'525};
// So many steps take about a second.
constexpr std::int64_t kMaxCounted = 200'000;

tl::unexpected<Error> unexpected_value(std::string_view found, std::string_view expected) {
  return fail(ErrorKind::bad_input, "InvalidCalendar",
              fmt::format("found \"{}\", expected {}", cut_middle(plain_line(found), kMaxQuoted), expected));
}

/// What is used of the library, which is loaded when it is first needed (base/lazy_library.h).
struct Libical {
  LazyLibrary library{"libical.so.3"};
  decltype(&::icalerror_set_errors_are_fatal) set_errors_are_fatal =
      library.function("icalerror_set_errors_are_fatal");
  decltype(&::icaltime_null_time) null_time = library.function("icaltime_null_time");
  decltype(&::icaltime_from_string) time_from = library.function("icaltime_from_string");
  decltype(&::icaldurationtype_from_string) duration_from = library.function("icaldurationtype_from_string");
  decltype(&::icaldurationtype_is_bad_duration) is_bad_duration =
      library.function("icaldurationtype_is_bad_duration");
  decltype(&::icalrecurrencetype_from_string) rule_from = library.function("icalrecurrencetype_from_string");
  decltype(&::icalrecur_iterator_new) new_iterator = library.function("icalrecur_iterator_new");
  decltype(&::icalrecur_iterator_set_start) set_start = library.function("icalrecur_iterator_set_start");
  decltype(&::icalrecur_iterator_next) next = library.function("icalrecur_iterator_next");
  decltype(&::icalrecur_iterator_free) free_iterator = library.function("icalrecur_iterator_free");
};

/// It would rather abort than answer that something is wrong, where nobody says so.
const Libical& libical() {
  static const Libical loaded = [] {
    Libical library;
    library.set_errors_are_fatal(0);
    return library;
  }();
  return loaded;
}

icaltimetype to_ical(local_seconds time, bool is_date) {
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  icaltimetype made = libical().null_time();
  made.year = int{date.year()};
  made.month = static_cast<int>(unsigned{date.month()});
  made.day = static_cast<int>(unsigned{date.day()});
  made.is_date = is_date ? 1 : 0;
  if (is_date) return made;
  made.hour = static_cast<int>(clock.hours().count());
  made.minute = static_cast<int>(clock.minutes().count());
  made.second = static_cast<int>(clock.seconds().count());
  return made;
}

/// Nothing for a time that no clock shows. (60 is a leap second.)
std::optional<local_seconds> from_ical(const icaltimetype& time) {
  const std::chrono::year_month_day date{std::chrono::year(time.year),
                                         std::chrono::month(static_cast<unsigned>(time.month)),
                                         std::chrono::day(static_cast<unsigned>(time.day))};
  const bool shown = time.hour >= 0 && time.hour < 24 && time.minute >= 0 && time.minute < 60 &&
                     time.second >= 0 && time.second <= 60;
  if (time.year < 1 || time.year > 9999 || !date.ok() || !shown) return std::nullopt;
  return local_days(date) + std::chrono::hours(time.hour) + std::chrono::minutes(time.minute) +
         seconds(std::min(time.second, 59));
}

struct FreeIterator {
  void operator()(icalrecur_iterator* iterator) const { libical().free_iterator(iterator); }
};
using Iterator = std::unique_ptr<icalrecur_iterator, FreeIterator>;

/// How many values a list of the library's has: 1 for none, as that is what it is worth.
template <std::size_t size>
std::int64_t values_in(const short (&list)[size]) {
  const auto* end = std::find(list, list + size, short{ICAL_RECURRENCE_ARRAY_MAX});
  return std::max<std::int64_t>(end - list, 1);
}

/// The first time of a rule without COUNT that has the rhythm of `start`, and nothing wanted before it. (The
/// library's own way of starting late loses the rhythm of weeks.)
local_seconds skip_ahead(const icalrecurrencetype& rule, const RecurrenceRule::Span& span) {
  const days unit = days(rule.freq == ICAL_WEEKLY_RECURRENCE ? 7 : 1) * rule.interval;
  if (span.from <= span.start) return span.start;
  return span.start + (span.from - span.start) / unit * unit;
}

bool is_by_days(const icalrecurrencetype& rule) {
  return rule.freq == ICAL_DAILY_RECURRENCE || rule.freq == ICAL_WEEKLY_RECURRENCE;
}

/// INTERVAL and COUNT, of which the library takes any number modulo 65,536 or 2^32.
bool is_sane_number(std::string_view text) {
  return !text.empty() && text.size() <= 4 && text.find_first_not_of("0123456789") == text.npos;
}

}  // namespace

Result<IcalTime> read_ical_time(const std::string& text) {
  const bool is_utc = text.ends_with('Z');
  const bool is_date = text.size() == std::size("20261225") - 1;
  const bool is_long = text.size() == std::size("20261225T090000") - 1 + (is_utc ? 1 : 0);
  // What ends with Z leads to the library's zones: it is told without.
  const icaltimetype read = libical().time_from(text.substr(0, text.size() - (is_utc ? 1 : 0)).c_str());
  const auto shown = from_ical(read);
  if (!(is_date || is_long) || !shown || (read.is_date != 0) != is_date || (is_date && is_utc)) {
    return unexpected_value(text,
                            "a date such as 20261225, or a time such as 20261225T090000 or 20261225T080000Z");
  }
  return IcalTime{*shown, is_date, is_utc};
}

Result<IcalDuration> read_ical_duration(const std::string& text) {
  const icaldurationtype read = libical().duration_from(text.c_str());
  const days whole{std::int64_t{read.weeks} * 7 + read.days};
  const seconds exact = std::chrono::hours(read.hours) + std::chrono::minutes(read.minutes) +
                        seconds(std::int64_t{read.seconds});
  const bool is_good = libical().is_bad_duration(read) == 0 && read.is_neg == 0 && text.size() <= 30;
  // Both alone first: their sum could be beyond what is counted.
  if (!is_good || whole > kMaxDuration || exact > kMaxDuration || whole + exact > kMaxDuration)
    return unexpected_value(text, "a duration such as P1D or PT1H30M, of 100 years at most");
  return IcalDuration{whole, exact};
}

WorkBudget::WorkBudget(std::chrono::milliseconds most) {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  end_ = seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec) + most;
}

bool WorkBudget::is_spent() const {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec) > end_;
}

Result<RecurrenceRule> RecurrenceRule::read(const std::string& text) {
  RecurrenceRule rule;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string clause(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t equals = std::min(clause.find('='), clause.size());
    const std::string name = in_capitals(std::string_view(clause).substr(0, equals));
    const std::string value = clause.substr(std::min(equals + 1, clause.size()));
    if (name == "RSCALE") return unexpected_value(text, "a rule of the Gregorian calendar, without RSCALE");
    if ((name == "INTERVAL" || name == "COUNT") && !is_sane_number(value))
      return unexpected_value(clause, "a whole number from 1 to 9999");
    if (name == "UNTIL") {
      if (rule.until_) return unexpected_value(text, "one UNTIL");
      rule.until_ = TRY(read_ical_time(value));
    } else if (!clause.empty()) {
      rule.text_ += (rule.text_.empty() ? "" : ";") + clause;
    }
  }
  const icalrecurrencetype read = libical().rule_from(rule.text_.c_str());
  if (read.freq == ICAL_NO_RECURRENCE || (read.count > 0 && rule.until_))
    return unexpected_value(text, "a rule such as FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO");
  if (read.freq < ICAL_DAILY_RECURRENCE)
    return unexpected_value(text, "FREQ=DAILY, WEEKLY, MONTHLY or YEARLY");
  return rule;
}

Status RecurrenceRule::each(const Span& span, const WorkBudget& budget,
                            const std::function<void(local_seconds)>& found) const {
  if (span.to < span.start || span.to < span.from) return {};
  const auto too_much = [&] { return unexpected_value(text_, "a rule that takes less time to work out"); };
  if (budget.is_spent()) return too_much();
  icalrecurrencetype rule = libical().rule_from(text_.c_str());
  if (span.is_date) {
    for (auto&& list :
         {std::span<short>(rule.by_hour), std::span<short>(rule.by_minute), std::span<short>(rule.by_second)})
      std::fill(list.begin(), list.end(), short{ICAL_RECURRENCE_ARRAY_MAX});
  }
  // The library looks no further, also where nothing matches for long.
  rule.until = to_ical(span.to, false);
  const std::int64_t a_day = values_in(rule.by_hour) * values_in(rule.by_minute) * values_in(rule.by_second);
  const bool skips = rule.count == 0;
  const local_seconds start = skips && is_by_days(rule) ? skip_ahead(rule, span) : span.start;
  const local_seconds looks_from = skips ? std::max(start, span.from) : start;
  if (std::chrono::floor<days>(span.to - looks_from).count() * a_day > kMaxCounted) return too_much();
  const Iterator iterator(libical().new_iterator(rule, to_ical(start, span.is_date)));
  if (!iterator) return unexpected_value(text_, "a rule that RFC 5545 allows and that a day matches");
  if (skips && !is_by_days(rule) && span.from > start &&
      libical().set_start(iterator.get(), to_ical(span.from, span.is_date)) == 0) {
    return {};  // its next time is centuries from now
  }
  for (;;) {
    const auto time = from_ical(libical().next(iterator.get()));
    if (!time || *time > span.to) return {};
    if (budget.is_spent()) return too_much();
    if (*time >= span.from) found(*time);
  }
}

}  // namespace lamplighter::schedule
