#include "schedule/ical.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/cut.h"
#include "base/plain_text.h"
#include "base/utf8.h"
#include "schedule/content_lines.h"
#include "schedule/time_zone.h"

namespace lamplighter::schedule {
namespace {

constexpr std::size_t kMaxEvents = 10'000;
constexpr std::size_t kMaxTimezones = 1'000;
constexpr std::size_t kMaxListed = 100'000;  // of RRULE, RDATE and EXDATE
constexpr std::size_t kMaxDepth = 8;
constexpr std::size_t kMaxName = 255;
constexpr std::size_t kMaxQuoted = 60;

tl::unexpected<Error> bad(std::string message) {
  return fail(ErrorKind::bad_input, "InvalidCalendar", std::move(message));
}

tl::unexpected<Error> bad_at(int line, std::string_view message) {
  return bad(fmt::format("line {}: {}", line, message));
}

std::string quoted(std::string_view text) {
  return fmt::format("\"{}\"", cut_middle(plain_line(text), kMaxQuoted));
}

/// "+0100", "-033015".
Result<std::chrono::seconds> read_offset(const std::string& text) {
  const bool digits = text.size() >= 5 && text.find_first_not_of("0123456789", 1) == text.npos;
  if (digits && (text.size() == 5 || text.size() == 7) && (text[0] == '+' || text[0] == '-')) {
    const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + text[at + 1] - '0'; };
    const auto offset = std::chrono::hours(two(1)) + std::chrono::minutes(two(3)) +
                        std::chrono::seconds(text.size() == 7 ? two(5) : 0);
    if (offset <= Zone::kMaxOffset) return text[0] == '-' ? -offset : offset;
  }
  return bad(fmt::format("found {}, expected an offset from UTC such as +0100", quoted(text)));
}

class Parser {
 public:
  explicit Parser(std::string_view text) : lines_(text) {}

  Result<Ical> read() {
    while (const auto line = lines_.next()) {
      if (const auto done = take(*line); !done) {
        const std::string& message = done.error().message;
        return message.starts_with("line ") ? bad(message) : bad_at(line->number, message);
      }
    }
    if (!found_calendar_) return bad("found no BEGIN:VCALENDAR, expected an iCalendar file (.ics)");
    if (!open_.empty())
      return bad(fmt::format("found no END:{}, expected a file that is not cut short", open_.back()));
    CHECK_OK(check_zones());
    return std::move(ical_);
  }

 private:
  Status take(const ContentLine& line) {
    if (line.name == "BEGIN") return begin(line);
    if (line.name == "END") return end(line);
    if (open_.empty()) return bad(fmt::format("found {}, expected BEGIN:VCALENDAR", quoted(line.name)));
    if (has_control_characters(line.value) && is_read(line.name))
      return bad(fmt::format("found control characters in {}, expected text", line.name));
    if (in("VEVENT")) return take_event(line, ical_.events.back());
    if (in("VTIMEZONE")) return take_timezone(line, ical_.timezones.back());
    if (is_observance()) return take_observance(line, ical_.timezones.back().observances.back());
    return {};
  }

  Status begin(const ContentLine& line) {
    const std::string name = in_capitals(line.value);
    if (open_.size() >= kMaxDepth) return bad("found components within components, expected fewer");
    if (open_.empty() && name != "VCALENDAR")
      return bad(fmt::format("found BEGIN:{}, expected BEGIN:VCALENDAR", cut_middle(plain_line(name), 60)));
    found_calendar_ = true;
    open_.push_back(name.substr(0, kMaxName));
    if (in("VEVENT")) {
      if (ical_.events.size() >= kMaxEvents)
        return bad(fmt::format("found a further event, expected at most {}", kMaxEvents));
      ical_.events.emplace_back().line = line.number;
    } else if (in("VTIMEZONE")) {
      if (ical_.timezones.size() >= kMaxTimezones)
        return bad(fmt::format("found a further VTIMEZONE, expected at most {}", kMaxTimezones));
      ical_.timezones.emplace_back().line = line.number;
    } else if (is_observance()) {
      CHECK_OK(count_one());
      ical_.timezones.back().observances.emplace_back();
    }
    return {};
  }

  Status end(const ContentLine& line) {
    const std::string name = in_capitals(line.value).substr(0, kMaxName);
    if (open_.empty() || open_.back() != name) {
      return bad(fmt::format("found END:{}, expected {}", cut_middle(plain_line(name), kMaxQuoted),
                             open_.empty() ? "BEGIN:VCALENDAR" : "END:" + open_.back()));
    }
    if (in("VEVENT")) CHECK_OK(check(ical_.events.back()));
    if (is_observance()) CHECK_OK(check(ical_.timezones.back().observances.back()));
    open_.pop_back();
    return {};
  }

  /// Directly within one of these, which stands in a calendar.
  [[nodiscard]] bool in(std::string_view name) const { return open_.size() == 2 && open_[1] == name; }
  [[nodiscard]] bool is_observance() const {
    return open_.size() == 3 && open_[1] == "VTIMEZONE" && (open_[2] == "STANDARD" || open_[2] == "DAYLIGHT");
  }

  static bool is_read(std::string_view name) {
    static const std::set<std::string_view> names{"UID",           "DTSTART", "DTEND",        "DURATION",
                                                  "RRULE",         "RDATE",   "EXDATE",       "STATUS",
                                                  "RECURRENCE-ID", "TZID",    "TZOFFSETFROM", "TZOFFSETTO"};
    return names.contains(name);
  }

  Status take_event(const ContentLine& line, Ical::Event& event) {
    if (line.name == "UID") event.uid = line.value.substr(0, kMaxName);
    if (line.name == "STATUS") event.cancelled = in_capitals(line.value) == "CANCELLED";
    if (line.name == "DTSTART") event.start = TRY(moment(line, line.value));
    if (line.name == "DTEND") event.end = TRY(moment(line, line.value));
    if (line.name == "DURATION") event.duration = TRY(named(line, read_ical_duration(line.value)));
    if (line.name == "EXDATE") CHECK_OK(moments(line, event.left_out));
    if (line.name == "RECURRENCE-ID") {
      if (!line.parameter("RANGE").empty())
        return bad("found RECURRENCE-ID with RANGE, expected one that stands for a single occurrence");
      event.recurrence_id = TRY(moment(line, line.value));
    }
    return take_recurrence(line, event.again);
  }

  Status take_timezone(const ContentLine& line, Ical::Timezone& timezone) {
    if (line.name == "TZID") timezone.tzid = line.value.substr(0, kMaxName);
    return {};
  }

  Status take_observance(const ContentLine& line, Ical::Observance& observance) {
    if (line.name == "DTSTART") observance.start = TRY(moment(line, line.value));
    if (line.name == "TZOFFSETFROM") observance.before = TRY(named(line, read_offset(line.value)));
    if (line.name == "TZOFFSETTO") observance.after = TRY(named(line, read_offset(line.value)));
    return take_recurrence(line, observance.again);
  }

  Status take_recurrence(const ContentLine& line, Ical::Recurrence& recurrence) {
    if (line.name == "RDATE") return moments(line, recurrence.extra);
    if (line.name != "RRULE") return {};
    CHECK_OK(count_one());
    recurrence.rules.push_back(TRY(named(line, RecurrenceRule::read(line.value))));
    return {};
  }

  template <class T>
  static Result<T> named(const ContentLine& line, Result<T> value) {
    if (!value) return tl::unexpected(with_context(std::move(value).error(), line.name));
    return value;
  }

  Result<Ical::Moment> moment(const ContentLine& line, const std::string& value) {
    Ical::Moment made{TRY(named(line, read_ical_time(value))), ""};
    if (made.time.is_date || made.time.is_utc) return made;
    made.tzid = line.parameter("TZID").substr(0, kMaxName);
    if (!made.tzid.empty()) used_.try_emplace(made.tzid, line.number);
    return made;
  }

  /// A list; of periods, their begins.
  Status moments(const ContentLine& line, std::vector<Ical::Moment>& into) {
    for (std::string_view rest = line.value; !rest.empty();) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      const std::string_view one = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      CHECK_OK(count_one());
      into.push_back(TRY(moment(line, std::string(one.substr(0, one.find('/'))))));
    }
    return {};
  }

  Status count_one() {
    if (++listed_ <= kMaxListed) return {};
    return bad(fmt::format("found more than {} recurrences and dates, expected fewer", kMaxListed));
  }

  static Status check(const Ical::Event& event) {
    if (!event.start) return bad_at(event.line, "found an event without DTSTART, expected when it begins");
    if (event.end && event.end->time.is_date != event.start->time.is_date)
      return bad_at(event.line, "found a date and a time in DTSTART and DTEND, expected two of a kind");
    return {};
  }

  static Status check(const Ical::Observance& observance) {
    if (observance.start && !observance.start->time.is_date && observance.before && observance.after)
      return {};
    return bad("found a VTIMEZONE without DTSTART, TZOFFSETFROM or TZOFFSETTO, expected all of them");
  }

  /// That every TZID means something.
  Status check_zones() {
    for (const Ical::Timezone& timezone : ical_.timezones) used_.erase(timezone.tzid);
    for (const auto& [tzid, line] : used_) {
      if (is_time_zone(tzid)) continue;
      return bad_at(line,
                    fmt::format("found TZID={}, expected an IANA time zone, or a VTIMEZONE of that name",
                                cut_middle(plain_line(tzid), kMaxQuoted)));
    }
    return {};
  }

  ContentLines lines_;
  std::vector<std::string> open_;  ///< the components that we are in
  bool found_calendar_ = false;
  std::size_t listed_ = 0;
  std::map<std::string, int> used_;  ///< TZIDs, and the line of the first use
  Ical ical_;
};

}  // namespace

Result<Ical> read_ical(std::string_view text) {
  if (text.size() > kMaxIcal)
    return bad(fmt::format("found more than {} MiB, expected a smaller file", kMaxIcal >> 20));
  return Parser(text).read();
}

}  // namespace lamplighter::schedule
