#include "fleet/upcoming.h"

#include <chrono>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fleet/load.h"
#include "tests/support/scheduled_fleet.h"

namespace lamplighter::fleet {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const Time kNow = parse_time("2026-11-26T12:00:00Z").value();
constexpr Duration kDay = std::chrono::hours{24};

/// "due up 2026-11-27T06:00", a line an occurrence or a schedule.
std::vector<std::string> lines_of(const Fleet& fleet, const std::vector<std::string>& environments, int days,
                                  std::size_t most = 100) {
  std::vector<std::string> lines;
  for (const Upcoming& one : upcoming(schedules_of(fleet, environments), kNow, kNow + days * kDay, most)) {
    lines.push_back(fmt::format("{} {} {}", to_string(one.outlook), one.schedule->name,
                                one.due ? format_time(*one.due).substr(0, 16) : one.reason));
  }
  return lines;
}

TEST(Upcoming, ComesInTheOrderOfTime) {
  const Fleet fleet = scheduled_fleet(
      "  - {name: down, action: stop, cron: '0 20 * * ? *'}\n"
      "  - {name: up, action: start, environments: [dev], cron: '0 6 * * ? *'}\n"
      "  - {name: tidy, action: stop, environments: [test], cron: '0 6 27 * ? *'}\n");
  EXPECT_THAT(lines_of(fleet, {}, 1), ElementsAre("due down 2026-11-26T20:00", "due up 2026-11-27T06:00",
                                                  "due tidy 2026-11-27T06:00"));
  EXPECT_THAT(lines_of(fleet, {"dev"}, 1),
              ElementsAre("due down 2026-11-26T20:00", "due up 2026-11-27T06:00"));
  EXPECT_THAT(lines_of(fleet, {"test"}, 1),
              ElementsAre("due down 2026-11-26T20:00", "due tidy 2026-11-27T06:00"));
}

TEST(Upcoming, SaysWhyNot) {
  const Fleet fleet = scheduled_fleet(
      "  - {name: later, action: stop, at: \"2026-12-24T22:00:00\"}\n"
      "  - {name: passed, action: stop, at: \"2026-11-24T22:00:00\"}\n"
      "  - {name: ended, action: stop, rate: 1 hour, end_date: \"2026-11-26T12:00:00Z\"}\n"
      "  - {name: never, action: stop, at: '2027-03-28T02:30:00', timezone: Europe/Berlin}\n"
      "  - {name: begins, action: stop, rate: 1 day, start_date: \"2027-01-01T00:00:00Z\"}\n");
  EXPECT_THAT(
      lines_of(fleet, {}, 7),
      ElementsAre("later later 2026-12-24T22:00", "passed passed at(2026-11-24T22:00:00) has passed",
                  "ended ended its end_date 2026-11-26T12:00:00.000Z has passed",
                  "never never at(2027-03-28T02:30:00) names a moment that does not exist in Europe/Berlin",
                  "later begins 2027-01-01T00:00"));
}

TEST(Upcoming, IsNoMoreThanAsked) {
  const Fleet fleet = scheduled_fleet("  - {name: always, action: stop, cron: \"* * * * ? *\"}\n");
  EXPECT_THAT(lines_of(fleet, {}, 366, 3),
              ElementsAre("due always 2026-11-26T12:01", "due always 2026-11-26T12:02",
                          "due always 2026-11-26T12:03"));
  EXPECT_THAT(lines_of(scheduled_fleet("  - {name: r, action: stop, rate: 1 hour}\n"), {}, 1), SizeIs(24));
}

TEST(Upcoming, WhatThereIsNoRoomForIsDueAllTheSame) {
  const Fleet fleet = scheduled_fleet(
      "  - {name: often, action: stop, cron: '* * * * ? *'}\n"
      "  - {name: once, action: stop, at: \"2026-11-26T22:00:00\"}\n");
  EXPECT_EQ(lines_of(fleet, {}, 1, 3).back(), "due once 2026-11-26T22:00");
}

TEST(Upcoming, AYearOfTheExampleFleet) {
  const auto fleet = load(LAMPLIGHTER_SOURCE_DIR "/examples/lower-environments.yaml", "").value();
  const auto began = std::chrono::steady_clock::now();
  const auto year = upcoming(schedules_of(fleet, {}), kNow, kNow + 366 * kDay, 10'000);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
  // From Thursday noon on, to a Saturday.
  EXPECT_EQ(year.size(), 261U + 262U)
      << "a start and a stop each weekday, both changes of the clock included";
}

}  // namespace
}  // namespace lamplighter::fleet
