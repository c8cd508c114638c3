#include "fleet/check_schedules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scheduled_fleet.h"

namespace lamplighter::fleet {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Time kNow = parse_time("2026-11-26T12:00:00Z").value();

/// With one schedule that has `lines`, and one that stops what it starts.
Fleet fleet_with(const std::string& lines) {
  return scheduled_fleet("  - name: morning\n    action: start\n" + lines +
                         "  - {name: evening, action: stop, cron: '59 23 ? * * *'}\n");
}

std::vector<std::string> warnings(const std::string& lines) {
  return check_schedules(fleet_with(lines), kNow);
}

TEST(CheckSchedules, HasNothingToSayOfOneThatWillBeDue) {
  EXPECT_THAT(warnings("    cron: 0 6 ? * MON-FRI *\n"), IsEmpty());
  EXPECT_THAT(warnings("    rate: 12 hours\n"), IsEmpty());
  EXPECT_THAT(warnings("    at: \"2026-11-26T12:00:01\"\n"), IsEmpty());
}

TEST(CheckSchedules, NamesWhatHasPassed) {
  EXPECT_THAT(warnings("    at: \"2026-11-26T12:00:00\"\n"),
              ElementsAre("the schedule morning is never due: at(2026-11-26T12:00:00) has passed"));
  EXPECT_THAT(warnings("    cron: 0 6 ? * MON-FRI 2025\n"),
              ElementsAre("the schedule morning is never due: cron(0 6 ? * MON-FRI 2025) has passed"));
  EXPECT_THAT(
      warnings("    cron: 0 6 * * ? *\n    end_date: 2026-11-01T00:00:00Z\n"),
      ElementsAre("the schedule morning is never due: its end_date 2026-11-01T00:00:00.000Z has passed"));
}

TEST(CheckSchedules, NamesWhatCannotBe) {
  EXPECT_THAT(
      warnings("    at: \"2027-03-28T02:30:00\"\n    timezone: Europe/Berlin\n"),
      ElementsAre("the schedule morning is never due: at(2027-03-28T02:30:00) names a moment that does "
                  "not exist in Europe/Berlin"));
  EXPECT_THAT(warnings("    cron: 0 6 1 1 ? *\n    start_date: 2027-02-01T00:00:00Z\n    end_date: "
                       "2027-03-01T00:00:00Z\n"),
              ElementsAre("the schedule morning is never due: nothing falls between its start_date and its "
                          "end_date"));
}

std::vector<std::string> warnings_of(const std::string& schedules) {
  return check_schedules(scheduled_fleet(schedules), kNow);
}

TEST(CheckSchedules, NamesWhatNobodyStops) {
  EXPECT_THAT(warnings_of("  - {name: up, action: start, cron: '0 6 * * ? *'}\n"
                          "  - {name: down, action: stop, environments: [test], cron: '0 20 * * ? *'}\n"),
              ElementsAre("the schedule up starts dev, which no schedule stops"));
  EXPECT_THAT(warnings_of("  - {name: up, action: start, cron: '0 6 * * ? *'}\n"
                          "  - {name: again, action: start, environments: [test], cron: '0 7 * * ? *'}\n"),
              ElementsAre("the schedule up starts dev, test, which no schedule stops"));
  EXPECT_THAT(warnings_of("  - {name: down, action: stop, environments: [test], cron: '0 20 * * ? *'}\n"),
              IsEmpty())
      << "what nobody starts, nobody needs to stop";
}

TEST(CheckSchedules, AStopThatIsNeverDueStopsNothing) {
  EXPECT_THAT(warnings_of("  - {name: up, action: start, environments: [dev], cron: '0 6 * * ? *'}\n"
                          "  - {name: down, action: stop, at: \"2026-11-01T20:00:00\"}\n"),
              ElementsAre("the schedule down is never due: at(2026-11-01T20:00:00) has passed",
                          "the schedule up starts dev, which no schedule stops"));
}

TEST(CheckSchedules, NamesTheFirstMinuteOfAStartAndAStop) {
  // 06:00 in New York is 11:00 in UTC from November on; the first Monday of a month.
  EXPECT_THAT(
      warnings_of("  - {name: up, action: start, cron: '0 6 ? * 2#1 *', timezone: America/New_York}\n"
                  "  - {name: down, action: stop, cron: '0 11 * * ? *'}\n"),
      ElementsAre("the schedule up starts dev, test at the minute at which down stops the same: first on Mon "
                  "2026-12-07 06:00 in America/New_York"));
  EXPECT_THAT(warnings_of("  - {name: up, action: start, environments: [dev], cron: '0 6 * * ? *'}\n"
                          "  - {name: down, action: stop, environments: [test], cron: '0 6 * * ? *'}\n"
                          "  - {name: night, action: stop, environments: [dev], cron: '1 6 * * ? *'}\n"),
              IsEmpty())
      << "another environment, another minute";
  EXPECT_THAT(warnings_of("  - {name: up, action: start, at: \"2027-11-27T12:00:00\"}\n"
                          "  - {name: down, action: stop, cron: '0 12 27 11 ? 2027'}\n"),
              ElementsAre(testing::HasSubstr("first on Sat 2027-11-27 12:00 in UTC")))
      << "366 days hence";
  EXPECT_THAT(warnings_of("  - {name: up, action: start, rate: 12 hours}\n"
                          "  - {name: down, action: stop, rate: 24 hours}\n"),
              IsEmpty())
      << "they count from when they are read";
}

TEST(CheckSchedules, ADenseFleetIsLookedAtInTime) {
  std::string schedules;
  for (int i = 0; i < 100; ++i)
    schedules += "  - {name: down" + std::to_string(i) + ", action: stop, cron: \"* * * * ? *\"}\n";
  EXPECT_THAT(warnings_of(schedules), IsEmpty());
}

TEST(NextOccurrences, AreAsManyAsAsked) {
  const Fleet fleet = fleet_with("    cron: 0 6 ? * MON-FRI *\n    timezone: Europe/Berlin\n");
  EXPECT_THAT(
      next_occurrences(fleet.schedules.front(), kNow, 2),
      ElementsAre(parse_time("2026-11-27T05:00:00Z").value(), parse_time("2026-11-30T05:00:00Z").value()));
}

TEST(CheckSchedules, NamesWhatItsCalendarsLetNeverRun) {
  const std::string evening = "  - {name: evening, action: stop, cron: '59 23 ? * * *'}\n";
  const auto warnings_with = [&](const std::string& bound, const std::string& calendar) {
    return warnings_of("  - {name: morning, action: start, cron: '0 6 ? * MON-FRI *', " + bound + "}\n" +
                       evening + "calendars: {days: {dates: [" + calendar + "]}}\n");
  };
  const auto never =
      ElementsAre("the schedule morning never runs until 2028-11-27: its calendars leave out each time");
  EXPECT_THAT(warnings_with("except: [days]", "2026-12-31"), IsEmpty());
  EXPECT_THAT(warnings_with("except: [days]", "2026-01-01..2030-01-01"), never);
  EXPECT_THAT(warnings_with("only: [days]", "2026-12-31"), IsEmpty());
  EXPECT_THAT(warnings_with("only: [days]", "2027-01-02..2027-01-03"), never);  // a weekend
  EXPECT_THAT(warnings_with("only: [days]", "2025-12-25"),
              ElementsAre(testing::HasSubstr("never runs until 2028-11-27"),
                          "the calendar days has no day any more"));
  EXPECT_THAT(warnings_with("only: [days], except: [days]", "2026-12-31"), never);
}

TEST(CheckSchedules, NamesACalendarThatNoneUses) {
  EXPECT_THAT(warnings_of("  - {name: evening, action: stop, cron: '59 23 ? * * *', except: [used]}\n"
                          "calendars: {used: {dates: [2026-12-31]}, unused: {dates: [2026-12-31]}}\n"),
              ElementsAre("no schedule names the calendar unused"));
}

TEST(CheckSchedules, NamesACalendarThatEnds) {
  const auto warnings_with = [&](const std::string& dates) {
    return warnings_of(
        "  - {name: evening, action: stop, cron: '59 23 ? * * *', except: [days]}\n"
        "calendars: {days: {dates: " +
        dates + "}}\n");
  };
  EXPECT_THAT(warnings_with("[2026-12-26]"), IsEmpty());
  EXPECT_THAT(warnings_with("[2026-12-24..2026-12-25]"),
              ElementsAre("the calendar days has no day after 2026-12-25"));
  EXPECT_THAT(warnings_with("[2024-12-25]"), ElementsAre("the calendar days has no day any more"));
}

TEST(CheckSchedules, CalendarsKeepTwoApart) {
  const auto warnings_with = [&](const std::string& stop) {
    return warnings_of(
        "  - {name: up, action: start, cron: '0 20 ? * * *', except: [days]}\n"
        "  - {name: down, action: stop, cron: '0 20 ? * * *'" +
        stop +
        "}\n"
        "calendars: {days: {dates: [2026-12-31]}}\n");
  };
  EXPECT_THAT(warnings_with(", only: [days]"), IsEmpty());
  EXPECT_THAT(warnings_with(""), testing::SizeIs(1));
}

}  // namespace
}  // namespace lamplighter::fleet
