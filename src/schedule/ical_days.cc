// The days of an iCalendar file's events.
#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "schedule/ical.h"
#include "schedule/time_zone.h"

namespace lamplighter::schedule {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr std::chrono::seconds kMostWork{10};
// No clock is further from another.
constexpr days kZones{3};
// A VTIMEZONE's changes are looked at from so long before: the last one is within.
constexpr days kChanges{800};
constexpr days kLongest{40'000};

local_days day_of(local_seconds time) { return std::chrono::floor<days>(time); }

/// When the clock shows that; where it skips it, when it shows what comes next.
sys_seconds to_sys(const Zone& zone, local_seconds shown) {
  constexpr std::chrono::minutes kStep{15};
  for (local_seconds later = shown; later <= shown + Zone::kMaxOffset; later += kStep) {
    if (const auto time = zone.to_utc(later)) return *time;
  }
  return sys_seconds(shown.time_since_epoch());
}

/// Days within bounds, gathered by their ranges.
class DayCount {
 public:
  explicit DayCount(DayRange within)
      : within_(within), changes_(static_cast<std::size_t>((within.last - within.first).count() + 2)) {}

  void add(local_days first, local_days last) {
    first = std::max(first, within_.first);
    last = std::min(last, within_.last);
    if (last < first) return;
    ++changes_[index_of(first)];
    --changes_[index_of(last) + 1];
  }

  [[nodiscard]] Calendar calendar() const {
    std::vector<DayRange> ranges;
    int open = 0;
    for (local_days day = within_.first; day <= within_.last; day += days(1)) {
      open += changes_[index_of(day)];
      if (open > 0) ranges.push_back({day, day});
    }
    return Calendar(std::move(ranges));
  }

 private:
  [[nodiscard]] std::size_t index_of(local_days day) const {
    return static_cast<std::size_t>((day - within_.first).count());
  }

  DayRange within_;
  std::vector<int> changes_;  ///< how many more ranges a day is in than the day before it
};

/// The clocks that a file's times are of.
class Clocks {
 public:
  Clocks(const Ical& ical, const Zone& zone, DayRange within, const WorkBudget& budget)
      : ical_(ical), zone_(zone), within_(within), budget_(budget) {}

  /// The system's zones before the file's own: those follow what governments decide.
  Result<const Zone*> of(const Ical::Moment& moment) {
    if (moment.time.is_utc) return &utc_;
    if (moment.tzid.empty()) return &zone_;
    auto& known = known_[moment.tzid];
    if (!known) {
      known = is_time_zone(moment.tzid) ? time_zone(moment.tzid)
                                        : std::make_shared<const Zone>(TRY(own_zone(moment.tzid)));
    }
    return known.get();
  }

 private:
  Result<Zone> own_zone(const std::string& tzid) {
    const auto timezone =
        std::find_if(ical_.timezones.begin(), ical_.timezones.end(),
                     [&](const Ical::Timezone& candidate) { return candidate.tzid == tzid; });
    if (timezone == ical_.timezones.end()) return Zone{};  // read_ical() has seen to it
    std::vector<Zone::Change> changes;
    seconds first{0};
    local_seconds earliest = local_seconds::max();
    for (const Ical::Observance& observance : timezone->observances) {
      if (observance.start->time.shown < earliest) {
        earliest = observance.start->time.shown;
        first = *observance.before;
      }
      CHECK_OK(add_changes(observance, changes, timezone->line));
    }
    std::stable_sort(changes.begin(), changes.end(),
                     [](const Zone::Change& a, const Zone::Change& b) { return a.at < b.at; });
    return Zone(first, std::move(changes), std::nullopt);
  }

  Status add_changes(const Ical::Observance& observance, std::vector<Zone::Change>& changes, int line) {
    const auto add = [&](local_seconds shown) {
      changes.push_back({sys_seconds(shown.time_since_epoch() - *observance.before), *observance.after});
    };
    add(observance.start->time.shown);
    for (const Ical::Moment& extra : observance.again.extra) add(extra.time.shown);
    for (const RecurrenceRule& rule : observance.again.rules) {
      local_seconds to = within_.last + kZones;
      if (rule.until()) {
        const seconds ahead = rule.until()->is_utc ? *observance.before : seconds(0);
        to = std::min(to, rule.until()->shown + ahead);
      }
      const local_seconds from = std::min<local_seconds>(within_.first, to) - kChanges;
      if (const auto done = rule.each({observance.start->time.shown, false, from, to}, budget_, add); !done)
        return tl::unexpected(with_context(done.error(), fmt::format("line {}: RRULE", line)));
    }
    return {};
  }

  const Ical& ical_;
  const Zone& zone_;
  DayRange within_;
  const WorkBudget& budget_;
  Zone utc_;
  std::map<std::string, std::shared_ptr<const Zone>> known_;
};

/// Occurrences, on the clock that an event's start is on.
struct Occurrences {
  std::set<local_seconds> times;
  std::set<local_days> days;  ///< all that are on these
};

class Expansion {
 public:
  Expansion(const Ical& ical, const Zone& zone, DayRange within)
      : ical_(ical),
        zone_(zone),
        within_(within),
        budget_(kMostWork),
        clocks_(ical, zone, within, budget_),
        found_(within) {}

  Result<Calendar> days() {
    for (const Ical::Event& event : ical_.events) {
      if (event.recurrence_id && !event.uid.empty()) replaced_[event.uid].push_back(&*event.recurrence_id);
    }
    for (const Ical::Event& event : ical_.events) {
      if (event.cancelled) continue;
      if (const auto done = add(event); !done) {
        return tl::unexpected(with_context(done.error(), fmt::format("line {}: the event", event.line)));
      }
    }
    return found_.calendar();
  }

 private:
  /// How long an event is: so much on its start's clock, and then exactly so long.
  struct Length {
    seconds shown{0};
    seconds exact{0};
  };

  Status add(const Ical::Event& event) {
    const Zone& clock = *TRY(clocks_.of(*event.start));
    const Length length = TRY(length_of(event, clock));
    const Occurrences left_out = TRY(left_out_of(event, clock));
    const auto take = [&](local_seconds start) {
      if (left_out.times.contains(start) || left_out.days.contains(day_of(start))) return;
      add_days(event, clock, start, length);
    };
    take(event.start->time.shown);
    for (const Ical::Moment& extra : event.again.extra) {
      CHECK_OK(check_budget());
      take(TRY(on_clock_of(event, clock, extra)));
    }
    const local_seconds from = local_seconds(within_.first) - length.shown - length.exact - kZones;
    for (const RecurrenceRule& rule : event.again.rules) {
      local_seconds to = within_.last + kZones;
      if (rule.until()) to = std::min(to, TRY(last_of(event, clock, *rule.until())));
      CHECK_OK(rule.each({event.start->time.shown, event.start->time.is_date, from, to}, budget_, take));
    }
    return {};
  }

  [[nodiscard]] Status check_budget() const {
    if (!budget_.is_spent()) return {};
    return fail(ErrorKind::bad_input, "InvalidCalendar",
                fmt::format("found more than can be worked out in {} s, expected less", kMostWork.count()));
  }

  void add_days(const Ical::Event& event, const Zone& clock, local_seconds start, const Length& length) {
    if (event.start->time.is_date)
      return found_.add(day_of(start), day_of(start + length.shown - seconds(1)));
    // Of what is too far away, no clock need be asked.
    if (start > within_.last + kZones || start + length.shown + length.exact < within_.first - kZones) return;
    const local_seconds begin = to_local(zone_, to_sys(clock, start));
    const local_seconds end = to_local(zone_, to_sys(clock, start + length.shown) + length.exact);
    found_.add(day_of(begin), day_of(std::max(begin, end - seconds(1))));
  }

  Result<Length> length_of(const Ical::Event& event, const Zone& clock) {
    const bool is_date = event.start->time.is_date;
    const seconds shortest = is_date ? seconds(std::chrono::days(1)) : seconds(0);
    if (!event.end) {
      const IcalDuration duration = event.duration.value_or(IcalDuration{});
      if (!is_date) return Length{duration.days, duration.exact};
      const auto whole = duration.days + std::chrono::ceil<std::chrono::days>(duration.exact);
      return Length{std::max(shortest, seconds(whole)), seconds(0)};
    }
    Length length;
    if (event.end->tzid == event.start->tzid && event.end->time.is_utc == event.start->time.is_utc) {
      // A day stays a day where the clock is set.
      length.shown = event.end->time.shown - event.start->time.shown;
    } else {
      const Zone& other = *TRY(clocks_.of(*event.end));
      length.exact = to_sys(other, event.end->time.shown) - to_sys(clock, event.start->time.shown);
    }
    if (length.shown < seconds(0) || length.exact < seconds(0) || length.shown + length.exact > kLongest)
      return fail(
          ErrorKind::bad_input, "InvalidCalendar",
          "found a DTEND before DTSTART, or more than a hundred years after it, expected a later one");
    length.shown = std::max(length.shown, shortest);
    return length;
  }

  /// A moment on the clock of the event's start; of an all-day event, its day.
  Result<local_seconds> on_clock_of(const Ical::Event& event, const Zone& clock, const Ical::Moment& moment) {
    const local_seconds shown = moment.time.shown;
    if (event.start->time.is_date) {
      // Who writes a day as UTC's midnight means the day; any other time is one of ours.
      if (!moment.time.is_utc || shown == day_of(shown)) return local_seconds(day_of(shown));
      return local_seconds(day_of(to_local(zone_, sys_seconds(shown.time_since_epoch()))));
    }
    if (moment.time.is_date) return shown + (event.start->time.shown - day_of(event.start->time.shown));
    if (moment.tzid == event.start->tzid && moment.time.is_utc == event.start->time.is_utc) return shown;
    return to_local(clock, to_sys(*TRY(clocks_.of(moment)), shown));
  }

  /// Until when a rule is due, on the clock of the event's start.
  Result<local_seconds> last_of(const Ical::Event& event, const Zone& clock, const IcalTime& until) {
    if (until.is_date) return local_seconds(day_of(until.shown) + std::chrono::days(1)) - seconds(1);
    // Without a zone it is of the event's own clock.
    return on_clock_of(event, clock, {until, until.is_utc ? "" : event.start->tzid});
  }

  Result<Occurrences> left_out_of(const Ical::Event& event, const Zone& clock) {
    Occurrences left_out;
    const auto leave_out = [&](const Ical::Moment& moment) -> Status {
      CHECK_OK(check_budget());
      const local_seconds time = TRY(on_clock_of(event, clock, moment));
      if (moment.time.is_date || event.start->time.is_date) {
        left_out.days.insert(day_of(time));
      } else {
        left_out.times.insert(time);
      }
      return {};
    };
    for (const Ical::Moment& moment : event.left_out) CHECK_OK(leave_out(moment));
    const auto replaced = event.recurrence_id ? replaced_.end() : replaced_.find(event.uid);
    if (replaced == replaced_.end()) return left_out;
    for (const Ical::Moment* moment : replaced->second) CHECK_OK(leave_out(*moment));
    return left_out;
  }

  const Ical& ical_;
  const Zone& zone_;
  DayRange within_;
  WorkBudget budget_;
  Clocks clocks_;
  DayCount found_;
  std::map<std::string, std::vector<const Ical::Moment*>> replaced_;  ///< by UID
};

}  // namespace

Result<Calendar> days_of(const Ical& ical, const Zone& zone, DayRange within) {
  if (within.last < within.first) return Calendar();
  return Expansion(ical, zone, within).days();
}

}  // namespace lamplighter::schedule
