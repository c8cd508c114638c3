#include "fleet/check_schedules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fleet/parse.h"

namespace lamplighter::fleet {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Time kNow = parse_time("2026-11-26T12:00:00Z").value();

/// A fleet with one schedule, which has `lines`.
Fleet fleet_with(const std::string& lines) {
  auto parsed = parse(
      "fleet: f\nregion: eu-west-1\nenvironments: {dev: {phases: [{name: app, servers: [a]}]}}\n"
      "schedules:\n  - name: morning\n    action: start\n" +
      lines);
  for (const Diagnostic& error : parsed.errors) ADD_FAILURE() << error.message;
  return parsed.fleet;
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
      warnings("    cron: 0 6 30 2 ? *\n"),
      ElementsAre("the schedule morning is never due: cron(0 6 30 2 ? *) names a moment that does not "
                  "exist in UTC"));
  EXPECT_THAT(
      warnings("    at: \"2027-03-28T02:30:00\"\n    timezone: Europe/Berlin\n"),
      ElementsAre("the schedule morning is never due: at(2027-03-28T02:30:00) names a moment that does "
                  "not exist in Europe/Berlin"));
  EXPECT_THAT(warnings("    cron: 0 6 1 1 ? *\n    start_date: 2027-02-01T00:00:00Z\n    end_date: "
                       "2027-03-01T00:00:00Z\n"),
              ElementsAre("the schedule morning is never due: nothing falls between its start_date and its "
                          "end_date"));
}

TEST(NextOccurrences, AreAsManyAsAsked) {
  const Fleet fleet = fleet_with("    cron: 0 6 ? * MON-FRI *\n    timezone: Europe/Berlin\n");
  EXPECT_THAT(
      next_occurrences(fleet.schedules.front(), kNow, 2),
      ElementsAre(parse_time("2026-11-27T05:00:00Z").value(), parse_time("2026-11-30T05:00:00Z").value()));
}

}  // namespace
}  // namespace lamplighter::fleet
