#include "fleet/schedule_days.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fleet/load.h"
#include "fleet/parse.h"

namespace lamplighter::fleet {
namespace {

using testing::HasSubstr;

/// A fleet with these calendars and schedules (each of their lines without its action and name: s1, s2, …),
/// and a file "ours.ics" of these events.
Fleet fleet_of(const std::string& calendars, const std::vector<std::string>& schedules,
               const std::string& events = "") {
  std::string text =
      "fleet: f\nregion: eu-west-1\nenvironments: {dev: {phases: [{name: app, servers: [a]}]}}\n";
  text += "calendars: {" + calendars + "}\nschedules:\n";
  for (std::size_t i = 0; i < schedules.size(); ++i)
    text += "  - {name: s" + std::to_string(i + 1) + ", action: start, " + schedules[i] + "}\n";
  auto parsed = parse(text, "", [&](const std::string& path) -> Result<schedule::Ical> {
    EXPECT_EQ(path, "ours.ics");
    return schedule::read_ical("BEGIN:VCALENDAR\n" + events + "END:VCALENDAR\n");
  });
  for (const Diagnostic& error : parsed.errors) ADD_FAILURE() << error.message;
  return parsed.fleet;
}

Time at(std::string_view text) { return parse_time(text).value(); }

const Schedule& named(const Fleet& fleet, const std::string& schedule) {
  return fleet.schedules.at(std::stoul(schedule.substr(1)) - 1);
}

/// "runs", or why not.
std::string verdict_of(const Fleet& fleet, const std::string& schedule, std::string_view due) {
  const auto found = verdict(fleet, named(fleet, schedule), at(due));
  if (!found) return found.error().message;
  return found->runs ? "runs" : found->reason;
}

TEST(ScheduleDays, AnExceptedDayIsOneOfTheSchedulesZone) {
  const Fleet fleet = fleet_of("holidays: {dates: [2026-12-25]}",
                               {"rate: 1 hour, timezone: America/New_York, except: [holidays]",
                                "rate: 1 hour, timezone: Asia/Tokyo, except: [holidays]", "rate: 1 hour"});
  // New York's 25th is from 05:00 to 05:00 UTC, Tokyo's begins at 15:00 UTC the day before.
  EXPECT_EQ(verdict_of(fleet, "s1", "2026-12-25T04:59:00Z"), "runs");
  EXPECT_EQ(verdict_of(fleet, "s1", "2026-12-25T05:00:00Z"), "not on holidays");
  EXPECT_EQ(verdict_of(fleet, "s1", "2026-12-26T04:59:59Z"), "not on holidays");
  EXPECT_EQ(verdict_of(fleet, "s1", "2026-12-26T05:00:00Z"), "runs");
  EXPECT_EQ(verdict_of(fleet, "s2", "2026-12-24T15:00:00Z"), "not on holidays");
  EXPECT_EQ(verdict_of(fleet, "s2", "2026-12-25T15:00:00Z"), "runs");
  EXPECT_EQ(verdict_of(fleet, "s3", "2026-12-25T12:00:00Z"), "runs");
}

TEST(ScheduleDays, OnlyItsDaysAndAmongThemNoneThatIsExcepted) {
  const Fleet fleet = fleet_of(
      "holidays: {dates: [2026-12-25]}, work: {dates: [2026-12-21..2026-12-25]}, more: {dates: [2026-12-27]}",
      {"rate: 1 day, only: [work]", "rate: 1 day, only: [work, more], except: [holidays]"});
  EXPECT_EQ(verdict_of(fleet, "s1", "2026-12-24T06:00:00Z"), "runs");
  EXPECT_EQ(verdict_of(fleet, "s1", "2026-12-26T06:00:00Z"), "not in work");
  EXPECT_EQ(verdict_of(fleet, "s2", "2026-12-24T06:00:00Z"), "runs");
  EXPECT_EQ(verdict_of(fleet, "s2", "2026-12-25T06:00:00Z"), "not on holidays");
  EXPECT_EQ(verdict_of(fleet, "s2", "2026-12-26T06:00:00Z"), "not in work, more");
  EXPECT_EQ(verdict_of(fleet, "s2", "2026-12-27T06:00:00Z"), "runs");
  EXPECT_EQ(verdict(fleet, named(fleet, "s2"), at("2026-12-25T06:00:00Z"))->calendar, "holidays");
  EXPECT_EQ(verdict(fleet, named(fleet, "s1"), at("2026-12-26T06:00:00Z"))->calendar, "work");
}

TEST(ScheduleDays, AListAndAFileAddUpAndTheFileGoesByTheSchedulesZone) {
  const Fleet fleet = fleet_of(
      "holidays: {dates: [2026-12-31], ical: ours.ics}",
      {"rate: 1 day, timezone: Asia/Tokyo, except: [holidays]", "rate: 1 day, except: [holidays]"},
      "BEGIN:VEVENT\nUID:a\nDTSTART:20261224T200000Z\nDURATION:PT1H\nRRULE:FREQ=YEARLY\nEND:VEVENT\n");
  EXPECT_EQ(verdict_of(fleet, "s1", "2026-12-25T03:00:00Z"), "not on holidays");
  EXPECT_EQ(verdict_of(fleet, "s1", "2026-12-24T03:00:00Z"), "runs");
  EXPECT_EQ(verdict_of(fleet, "s2", "2026-12-24T03:00:00Z"), "not on holidays");
  EXPECT_EQ(verdict_of(fleet, "s2", "2026-12-31T03:00:00Z"), "not on holidays");
  EXPECT_EQ(verdict_of(fleet, "s2", "2031-12-24T03:00:00Z"),
            "not on holidays");  // years later, in a daemon that goes on
}

TEST(ScheduleDays, AreToldForTwoYearsToTheEndOfThatMonth) {
  const Fleet fleet = fleet_of(
      "holidays: {dates: [2026-10-31, 2026-11-01, 2026-12-31..2027-01-01], ical: ours.ics}, work: {dates: "
      "[2027-01-01..2027-01-02]}",
      {"rate: 1 day, timezone: America/New_York, except: [holidays]",
       "rate: 1 day, only: [work], except: [holidays]", "rate: 1 day"},
      "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20201003\nRRULE:FREQ=YEARLY\nEND:VEVENT\n");
  const auto told = [&](std::size_t schedule, std::string_view now) {
    const auto days = days_ahead(fleet, fleet.schedules[schedule], at(now)).value();
    return days ? json_text(tasks::to_json(*days)) : "";
  };
  const std::string november =
      R"({"timezone":"America/New_York","until":"2028-11-30",)"
      R"("except":{"holidays":["2026-11-01","2026-12-31..2027-01-01","2027-10-03","2028-10-03"]}})";
  EXPECT_EQ(told(0, "2026-11-27T03:00:00Z"), november);
  EXPECT_EQ(told(0, "2026-11-03T03:00:00Z"), november) << "the same all month";
  EXPECT_THAT(told(0, "2026-11-01T12:00:00Z"), HasSubstr("2026-10-31")) << "yesterday's may begin today";
  EXPECT_EQ(told(1, "2026-11-27T03:00:00Z"),
            R"({"timezone":"UTC","until":"2028-11-30",)"
            R"("except":{"holidays":["2026-11-01","2026-12-31..2027-01-01","2027-10-03","2028-10-03"]},)"
            R"("only":{"work":["2027-01-01..2027-01-02"]}})");
  EXPECT_EQ(told(2, "2026-11-27T03:00:00Z"), "");
}

TEST(ScheduleDays, AnOccurrenceIsToldOfItsDayAlone) {
  const Fleet fleet = fleet_of("holidays: {dates: [2026-12-24..2026-12-26]}, work: {dates: [2026-12-28]}",
                               {"rate: 1 hour, timezone: Asia/Tokyo, except: [holidays], only: [work]"});
  EXPECT_EQ(json_text(tasks::to_json(
                *occurrence_days(fleet, fleet.schedules[0], at("2026-12-25T15:00:00Z")).value())),
            R"({"timezone":"Asia/Tokyo","until":"2026-12-26","except":{"holidays":["2026-12-26"]},)"
            R"("only":{"work":[]}})");
}

TEST(ScheduleDays, WithoutAReaderAFileIsNotLookedAt) {
  const auto parsed = parse(
      "fleet: f\nregion: eu-west-1\nenvironments: {dev: {phases: [{name: app, servers: [a]}]}}\ncalendars: "
      "{a: "
      "{ical: nowhere.ics}}\n");
  EXPECT_THAT(parsed.errors, testing::IsEmpty());
  EXPECT_EQ(parsed.fleet.calendars.at(0).ical_file, "nowhere.ics");
}

TEST(ScheduleDays, AFilesPathIsThatOfItsFleetFile) {
  EXPECT_EQ(ical_path("a/fleet.yaml", "holidays.ics"), "a/holidays.ics");
  EXPECT_EQ(ical_path("fleet.yaml", "b/holidays.ics"), "b/holidays.ics");
  EXPECT_EQ(ical_path("a/fleet.yaml", "/c/holidays.ics"), "/c/holidays.ics");
  EXPECT_EQ(ical_path("-", "holidays.ics"), "holidays.ics");
}

}  // namespace
}  // namespace lamplighter::fleet
