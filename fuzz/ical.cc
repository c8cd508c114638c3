// iCalendar files: any bytes give days within their bounds, or an error that says what is wrong, soon; and a
// day that is asked about alone is what it is among others.
#include "schedule/ical.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "schedule/time_zone.h"

using namespace lamplighter;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto said = [](const auto& result) {
    if (result.error().kind != ErrorKind::bad_input || result.error().message.empty()) std::abort();
    return 0;
  };
  const auto ical = schedule::read_ical({reinterpret_cast<const char*>(data), size});
  if (!ical) return said(ical);
  const auto zone = schedule::time_zone("America/New_York");
  const std::chrono::local_days from{std::chrono::year{2026} / 11 / 27};
  const schedule::DayRange within{from, from + std::chrono::days(731)};
  const auto days = schedule::days_of(*ical, *zone, within);
  if (!days) return said(days);
  for (const auto& [first, last] : days->ranges())
    if (first < within.first || last < first || last > within.last) std::abort();
  for (const auto day : {from, from + std::chrono::days(400)}) {
    const auto alone = schedule::days_of(*ical, *zone, {day, day});
    if (alone && alone->holds(day) != days->holds(day)) std::abort();
  }
  return 0;
}
