#include <algorithm>

#include <fmt/format.h>

#include "fleet/parts.h"

namespace lamplighter::fleet {
namespace {

/// "2026-12-25", or "2026-12-28..2027-01-01" with both ends.
std::optional<schedule::DayRange> read_days(Reader& reader, const YamlNode& node) {
  constexpr std::string_view kExpected = "a day such as 2026-12-25, or days such as 2026-12-28..2027-01-01";
  const auto text = reader.text(node, kExpected);
  if (!text) return std::nullopt;
  const auto days = schedule::parse_days(*text);
  if (!days) reader.error(node.place, fmt::format("found {}, expected {}", describe(node), kExpected));
  return days;
}

void read_ical(Reader& reader, const YamlNode& node, const IcalReader& read_file, Calendar& calendar) {
  const auto path = reader.text(node, "the path of an iCalendar file such as holidays.ics");
  if (!path) return;
  calendar.ical_file = *path;
  if (!read_file) return;
  auto ical = read_file(*path);
  if (ical) {
    calendar.ical = std::make_shared<const schedule::Ical>(*std::move(ical));
  } else {
    reader.error(node.place, fmt::format("can't use the calendar file {}", ical.error().message));
  }
}

Calendar read_calendar(Reader& reader, const YamlMember& member, const IcalReader& read_file) {
  Calendar calendar;
  calendar.name = reader.name(member.key, "a calendar's name", 40).value_or("");
  const auto members = reader.mapping(member.value, keys::kCalendar, "a calendar: dates, ical");
  if (!members) return calendar;
  const YamlNode* dates = members->find("dates");
  const YamlNode* ical = members->find("ical");
  if (dates == nullptr && ical == nullptr)
    reader.error(member.value.place, "found neither dates nor ical, expected the days of the calendar");
  if (dates != nullptr && reader.list(*dates, "a list of days")) {
    for (const YamlNode& item : dates->items) {
      if (const auto days = read_days(reader, item)) calendar.dates.push_back(*days);
    }
  }
  if (ical != nullptr) read_ical(reader, *ical, read_file, calendar);
  return calendar;
}

}  // namespace

std::vector<Calendar> read_calendars(Reader& reader, const YamlNode& node, const IcalReader& read_file) {
  std::vector<Calendar> calendars;
  if (!reader.free_mapping(node, "calendars by name: {holidays: {dates: […], ical: …}}")) return calendars;
  for (const YamlMember& member : node.members) calendars.push_back(read_calendar(reader, member, read_file));
  return calendars;
}

}  // namespace lamplighter::fleet
