#include "tasks/admission/calendar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/reader.h"

namespace lamplighter::tasks {
namespace {

using testing::HasSubstr;

/// New York's, that are known until the end of November 2028.
std::optional<Occurrence> due(std::string_view moment, std::string_view calendar = R"(
    {"timezone": "America/New_York", "until": "2028-11-30", "except": {"holidays": ["2026-12-25"]},
     "only": {"work": ["2026-12-21..2028-11-30"]}})") {
  json::object input{{"environments", {"dev"}}};
  input["occurrence"] = {{"schedule", "mornings"}, {"due", json::string(moment)}};
  if (!calendar.empty()) input["calendar"] = parse_json(calendar).value();
  return read_occurrence(Reader::of(input, "input", "InvalidInput").value()).value();
}

TEST(Calendar, ADayIsOneOfTheSchedulesZone) {
  EXPECT_EQ(skipped_by_calendar(due("2026-12-25T04:59:00Z")), std::nullopt);
  EXPECT_EQ(skipped_by_calendar(due("2026-12-25T05:00:00Z")), "not on holidays (2026-12-25)");
  EXPECT_EQ(skipped_by_calendar(due("2026-12-26T04:59:59Z")), "not on holidays (2026-12-25)");
  EXPECT_EQ(skipped_by_calendar(due("2026-12-26T05:00:00Z")), std::nullopt);
  EXPECT_EQ(skipped_by_calendar(due("2026-12-21T04:00:00Z")), "not in work (2026-12-20)");
}

TEST(Calendar, BindsOccurrencesOfItsSchedulesAndNothingElse) {
  EXPECT_EQ(skipped_by_calendar(std::nullopt), std::nullopt);
  EXPECT_EQ(skipped_by_calendar(due("2026-12-25T12:00:00Z", "")), std::nullopt);
  EXPECT_EQ(calendar_warning(std::nullopt), "");
  EXPECT_EQ(calendar_warning(due("2026-12-25T12:00:00Z", "")), "");
}

TEST(Calendar, WhatLiesBeyondGoesAheadWithAWarning) {
  EXPECT_EQ(calendar_warning(due("2028-10-31T12:00:00Z")), "");
  EXPECT_THAT(calendar_warning(due("2028-11-01T12:00:00Z")),
              HasSubstr("mornings's calendars are known until 2028-11-30: run lamplighter synth"));
  EXPECT_EQ(skipped_by_calendar(due("2028-12-25T12:00:00Z")), std::nullopt);
  EXPECT_THAT(calendar_warning(due("2028-12-25T12:00:00Z")), HasSubstr("until 2028-11-30 only"));
}

TEST(Calendar, OneThatWasMadeForTheOccurrenceEndsWithIt) {
  EXPECT_EQ(calendar_warning(due("2026-12-25T12:00:00Z", R"({"timezone": "UTC", "until": "2026-12-25",
                                                            "except": {"holidays": []}})")),
            "");
}

}  // namespace
}  // namespace lamplighter::tasks
