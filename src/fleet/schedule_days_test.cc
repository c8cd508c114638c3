#include "fleet/schedule_days.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fleet/load.h"
#include "fleet/parse.h"

namespace lamplighter::fleet {
namespace {

using testing::ElementsAre;
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

/// "runs", or why not.
std::string verdict_of(const Fleet& fleet, const std::string& schedule, std::string_view due) {
  const auto found = verdict(fleet, schedule, at(due));
  if (!found) return found.error().message;
  return found->runs ? "runs" : found->reason;
}

TEST(ScheduleDays, AnExceptedDayIsOneOfTheSchedulesZone) {
  const Fleet fleet = fleet_of("holidays: {dates: [2026-12-25]}",
                               {"rate: 1 hour, timezone: America/New_York, except: [holidays]",
                                "rate: 1 hour, timezone: Asia/Tokyo, except: [holidays]", "rate: 1 hour"});
  // New York's 25th is from 05:00 to 05:00 UTC, Tokyo's begins at 15:00 UTC the day before.
  EXPECT_EQ(verdict_of(fleet, "s1", "2026-12-25T04:59:00Z"), "runs");
  EXPECT_EQ(verdict_of(fleet, "s1", "2026-12-25T05:00:00Z"), "holidays");
  EXPECT_EQ(verdict_of(fleet, "s1", "2026-12-26T04:59:59Z"), "holidays");
  EXPECT_EQ(verdict_of(fleet, "s1", "2026-12-26T05:00:00Z"), "runs");
  EXPECT_EQ(verdict_of(fleet, "s2", "2026-12-24T15:00:00Z"), "holidays");
  EXPECT_EQ(verdict_of(fleet, "s2", "2026-12-25T15:00:00Z"), "runs");
  EXPECT_EQ(verdict_of(fleet, "s3", "2026-12-25T12:00:00Z"), "runs");
  EXPECT_EQ(verdict_of(fleet, "s4", "2026-12-25T12:00:00Z"),
            "found the schedule s4, expected one of the fleet f");
}

TEST(ScheduleDays, OnlyItsDaysAndAmongThemNoneThatIsExcepted) {
  const Fleet fleet = fleet_of(
      "holidays: {dates: [2026-12-25]}, work: {dates: [2026-12-21..2026-12-25]}, more: {dates: [2026-12-27]}",
      {"rate: 1 day, only: [work]", "rate: 1 day, only: [work, more], except: [holidays]"});
  EXPECT_EQ(verdict_of(fleet, "s1", "2026-12-24T06:00:00Z"), "runs");
  EXPECT_EQ(verdict_of(fleet, "s1", "2026-12-26T06:00:00Z"), "not in work");
  EXPECT_EQ(verdict_of(fleet, "s2", "2026-12-24T06:00:00Z"), "runs");
  EXPECT_EQ(verdict_of(fleet, "s2", "2026-12-25T06:00:00Z"), "holidays");
  EXPECT_EQ(verdict_of(fleet, "s2", "2026-12-26T06:00:00Z"), "not in work, more");
  EXPECT_EQ(verdict_of(fleet, "s2", "2026-12-27T06:00:00Z"), "runs");
  EXPECT_EQ(verdict(fleet, "s2", at("2026-12-25T06:00:00Z"))->calendar, "holidays");
  EXPECT_EQ(verdict(fleet, "s1", at("2026-12-26T06:00:00Z"))->calendar, "work");
}

TEST(ScheduleDays, AListAndAFileAddUpAndTheFileGoesByTheSchedulesZone) {
  const Fleet fleet = fleet_of(
      "holidays: {dates: [2026-12-31], ical: ours.ics}",
      {"rate: 1 day, timezone: Asia/Tokyo, except: [holidays]", "rate: 1 day, except: [holidays]"},
      "BEGIN:VEVENT\nUID:a\nDTSTART:20261224T200000Z\nDURATION:PT1H\nRRULE:FREQ=YEARLY\nEND:VEVENT\n");
  EXPECT_EQ(verdict_of(fleet, "s1", "2026-12-25T03:00:00Z"), "holidays");
  EXPECT_EQ(verdict_of(fleet, "s1", "2026-12-24T03:00:00Z"), "runs");
  EXPECT_EQ(verdict_of(fleet, "s2", "2026-12-24T03:00:00Z"), "holidays");
  EXPECT_EQ(verdict_of(fleet, "s2", "2026-12-31T03:00:00Z"), "holidays");
  EXPECT_EQ(verdict_of(fleet, "s2", "2031-12-24T03:00:00Z"),
            "holidays");  // years later, in a daemon that goes on
}

TEST(ScheduleDays, AreListedForTwoYearsAndSayHowFarTheyReach) {
  const Fleet fleet = fleet_of(
      "holidays: {dates: [2026-11-25, 2026-11-26, 2026-12-31..2027-01-01], ical: ours.ics}, work: {dates: "
      "[2027-01-01..2027-01-02]}",
      {"rate: 1 day, timezone: America/New_York, except: [holidays]",
       "rate: 1 day, only: [work], except: [holidays]", "rate: 1 day"},
      "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20201003\nRRULE:FREQ=YEARLY\nEND:VEVENT\n");
  const auto days = [&](std::size_t schedule) {
    // Still the 26th in New York.
    return bound_days(fleet, fleet.schedules[schedule], at("2026-11-27T03:00:00Z")).value();
  };
  const auto except = days(0);
  ASSERT_TRUE(except);
  EXPECT_FALSE(except->only);
  EXPECT_THAT(except->days, ElementsAre("2026-11-25", "2026-11-26", "2026-12-31", "2027-01-01", "2027-10-03",
                                        "2028-10-03"));
  EXPECT_EQ(except->until, "2028-11-27");
  const auto only = days(1);
  ASSERT_TRUE(only);
  EXPECT_TRUE(only->only);
  EXPECT_THAT(only->days, ElementsAre("2027-01-02"));
  EXPECT_FALSE(days(2));
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
