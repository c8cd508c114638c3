#include "tasks/protocol/occurrence.h"

#include <utility>

#include "json/reader.h"
#include "schedule/time_zone.h"

namespace lamplighter::tasks {
namespace {

using schedule::Calendar;
using schedule::DayRange;
using schedule::NamedDays;

constexpr const char* kScheduledTime = "<aws.scheduler.scheduled-time>";

json::object to_json(const std::vector<NamedDays>& calendars) {
  json::object made;
  for (const NamedDays& calendar : calendars) {
    json::array days;
    for (const DayRange& range : calendar.days.ranges()) days.push_back(json::string(format_days(range)));
    made[calendar.name] = std::move(days);
  }
  return made;
}

json::object occurrence_json(const std::string& schedule, const std::string& due) {
  return {{"schedule", schedule}, {"due", due}};
}

Result<Calendar> read_days(const Reader& calendars, std::string_view name) {
  const auto texts = TRY(calendars.optional_texts(name));
  std::vector<DayRange> ranges;
  for (const std::string& text : texts) {
    const auto days = schedule::parse_days(text);
    if (!days) return calendars.unexpected(name, "days such as 2026-12-25 and 2026-12-28..2027-01-01");
    ranges.push_back(*days);
  }
  return Calendar(std::move(ranges));
}

/// By name; none where the member is missing.
Result<std::vector<NamedDays>> read_calendars(const Reader& fields, std::string_view key) {
  std::vector<NamedDays> calendars;
  if (fields.find(key) == nullptr) return calendars;
  const Reader named = TRY(fields.object(key));
  for (const auto& member : named.members()) {
    auto days = TRY(read_days(named, member.key()));
    calendars.push_back({std::string(member.key()), std::move(days)});
  }
  return calendars;
}

Result<OccurrenceDays> read_calendar(const Reader& fields) {
  OccurrenceDays calendar;
  calendar.timezone = TRY(fields.text("timezone"));
  if (!schedule::is_time_zone(calendar.timezone))
    return fields.unexpected("timezone", "a time zone that is known here, such as America/New_York");
  const auto until = schedule::parse_day(TRY(fields.text("until")));
  if (!until) return fields.unexpected("until", "a day such as 2026-12-25");
  calendar.days.until = *until;
  calendar.days.except = TRY(read_calendars(fields, "except"));
  calendar.days.only = TRY(read_calendars(fields, "only"));
  return calendar;
}

bool has(const Reader& fields, std::string_view key) {
  const json::value* found = fields.find(key);
  return found != nullptr && !found->is_null();
}

Result<std::optional<OccurrenceDays>> calendar_of(const Reader& input) {
  if (!has(input, kCalendar)) return std::nullopt;
  return TRY(read_calendar(TRY(input.object(kCalendar))));
}

}  // namespace

std::chrono::local_days day_of(const OccurrenceDays& calendar, Time due) {
  return std::chrono::floor<std::chrono::days>(schedule::to_local(calendar.timezone, due));
}

schedule::Verdict verdict(const OccurrenceDays& calendar, Time due) {
  return calendar.days.verdict(day_of(calendar, due));
}

json::object to_json(const OccurrenceDays& calendar) {
  json::object made{{"timezone", calendar.timezone}, {"until", schedule::format_day(calendar.days.until)}};
  if (!calendar.days.except.empty()) made["except"] = to_json(calendar.days.except);
  if (!calendar.days.only.empty()) made["only"] = to_json(calendar.days.only);
  return made;
}

void add_to(json::object& input, const Occurrence& occurrence) {
  input[kOccurrence] = occurrence_json(occurrence.schedule, format_time(occurrence.due));
  if (occurrence.ends) input[kOccurrence].as_object()[kEnds] = to_json(*occurrence.ends);
  if (occurrence.calendar) input[kCalendar] = to_json(*occurrence.calendar);
}

Result<std::optional<Occurrence>> read_occurrence(const Reader& fields) {
  auto calendar = TRY(calendar_of(fields));
  if (!has(fields, kOccurrence)) {
    if (calendar) return fields.unexpected(kOccurrence, "the occurrence that the calendar decides about");
    return std::nullopt;
  }
  const auto member = TRY(fields.object(kOccurrence));
  Occurrence occurrence;
  occurrence.schedule = TRY(member.nonempty_text("schedule"));
  occurrence.due = TRY(member.time("due"));
  occurrence.ends = TRY(read_ends(fields));
  occurrence.calendar = std::move(calendar);
  return occurrence;
}

Result<std::optional<KeepsEnd>> read_ends(const Reader& input) {
  if (!has(input, kOccurrence)) return std::nullopt;
  const auto occurrence = TRY(input.object(kOccurrence));
  if (!has(occurrence, kEnds)) return std::nullopt;
  return TRY(read_keeps_end(TRY(occurrence.object(kEnds))));
}

Result<std::optional<OccurrenceDays>> read_calendar(const json::value& input, std::string_view code) {
  return calendar_of(TRY(Reader::of(input, "input", code)));
}

json::object to_json(const ScheduleInput& input) {
  json::object made{{"schedule", input.schedule},
                    {"action", json::string(to_string(input.action))},
                    {"environments", json::value_from(input.environments)},
                    {kOccurrence, occurrence_json(input.schedule, kScheduledTime)}};
  if (input.calendar) made[kCalendar] = to_json(*input.calendar);
  return made;
}

json::object ending_input(const std::string& schedule, const std::vector<std::string>& environments,
                          const KeepsEnd& end) {
  json::object occurrence = occurrence_json(schedule, kScheduledTime);
  occurrence[kEnds] = to_json(end);
  return {{"environments", json::value_from(environments)}, {kOccurrence, std::move(occurrence)}};
}

}  // namespace lamplighter::tasks
