// An iCalendar file (RFC 5545) as a set of days. Pure, but for the time zones that it names, which are the
// system's.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "schedule/calendar.h"
#include "schedule/libical.h"
#include "schedule/zone.h"

namespace lamplighter::schedule {

/// What an iCalendar file says of days, as it says it. A plain value.
struct Ical {
  /// A time with the clock that it is of.
  struct Moment {
    IcalTime time;
    std::string tzid;  ///< "" for none: a date, UTC's, or whoever's clock is asked about ("floating")
  };
  /// RRULE and RDATE.
  struct Recurrence {
    std::vector<RecurrenceRule> rules;
    std::vector<Moment> extra;
  };
  struct Event {
    int line = 0;  ///< of its BEGIN:VEVENT
    std::string uid;
    std::optional<Moment> start;  ///< every event has one
    std::optional<Moment> end;
    std::optional<IcalDuration> duration;
    Recurrence again;
    std::vector<Moment> left_out;         ///< EXDATE
    std::optional<Moment> recurrence_id;  ///< it stands instead of that one of its UID
    bool cancelled = false;
  };
  /// What a VTIMEZONE's clock does: from each of these times on (shown by the clock before) it is so far
  /// ahead of UTC.
  struct Observance {
    std::optional<Moment> start;
    std::optional<std::chrono::seconds> before, after;
    Recurrence again;
  };
  struct Timezone {
    int line = 0;
    std::string tzid;
    std::vector<Observance> observances;
  };
  std::vector<Event> events;
  std::vector<Timezone> timezones;
};

/// A file's largest size, in bytes.
inline constexpr std::size_t kMaxIcal = std::size_t{4} << 20;

/// A file of at most that size, 10,000 events and 100,000 dates that are listed. Error: bad_input
/// "InvalidCalendar": "line 12: found …, expected …".
Result<Ical> read_ical(std::string_view text);

/// The days of `within` that the events touch. An all-day event's days are what they are, whatever the zone;
/// a timed event has those that it touches on the zone's clock, as have times that name no zone. Cancelled
/// events have none; others count whether they mean "busy" or not. Errors: as read_ical, for a rule that
/// nothing matches, or that takes longer to work out than ten seconds of the processor's time.
Result<Calendar> days_of(const Ical& ical, const Zone& zone, DayRange within);

}  // namespace lamplighter::schedule
