#include "run/when.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::run {
namespace {

using testing::HasSubstr;

const Time kNow = parse_time("2026-11-27T19:00:30.250Z").value();  // 20:00:30 in Berlin

std::string moment(std::string text, const std::string& zone = "Europe/Berlin", Time now = kNow,
                   bool lasts = false) {
  const auto found = moment_of({lasts, std::move(text)}, zone, now);
  return found ? format_time(*found) : found.error().message;
}

TEST(When, IsATimeOfTodayOrOfAnotherDayOnTheZonesClock) {
  EXPECT_EQ(moment("22:00"), "2026-11-27T21:00:00.000Z");
  EXPECT_EQ(moment("today 22:00"), "2026-11-27T21:00:00.000Z");
  EXPECT_EQ(moment("tomorrow 08:00"), "2026-11-28T07:00:00.000Z");
  EXPECT_EQ(moment("2026-12-24 22:00"), "2026-12-24T21:00:00.000Z");
  EXPECT_EQ(moment("2026-12-24T22:00"), "2026-12-24T21:00:00.000Z");
  EXPECT_EQ(moment("2026-12-24T22:00:00Z"), "2026-12-24T22:00:00.000Z");
  EXPECT_EQ(moment("22:00", "UTC"), "2026-11-27T22:00:00.000Z");
}

TEST(When, TodayIsTheZonesOwn) {
  const Time late =
      parse_time("2026-11-27T23:30:00Z").value();  // the 28th in Berlin, still the 27th in New York
  EXPECT_EQ(moment("08:00", "Europe/Berlin", late), "2026-11-28T07:00:00.000Z");
  EXPECT_EQ(moment("tomorrow 08:00", "Europe/Berlin", late), "2026-11-29T07:00:00.000Z");
  EXPECT_EQ(moment("tomorrow 08:00", "America/New_York", late), "2026-11-28T13:00:00.000Z");
}

TEST(When, HowLongIsRoundedUpToTheMinute) {
  EXPECT_EQ(moment("3h", "UTC", kNow, true), "2026-11-27T22:01:00.000Z");
  EXPECT_EQ(moment("1h30m", "UTC", parse_time("2026-11-27T19:00:00Z").value(), true),
            "2026-11-27T20:30:00.000Z");
  // Three hours are three hours, whatever the clock does meanwhile.
  EXPECT_EQ(moment("3h", "Europe/Berlin", parse_time("2027-03-28T00:00:00Z").value(), true),
            "2027-03-28T03:00:00.000Z");
  for (const auto* text : {"0s", "", "3", "h", "-1h", "3h 1d"}) {
    EXPECT_THAT(moment(text, "UTC", kNow, true), HasSubstr("expected such as 22:00")) << text;
  }
}

TEST(When, WhatTheClockSkipsIsNoMomentAndWhatItShowsTwiceIsTheFirst) {
  EXPECT_THAT(moment("2027-03-28 02:30"), HasSubstr("which that day's clock skips"));
  EXPECT_EQ(moment("2027-03-28 03:00"), "2027-03-28T01:00:00.000Z");
  EXPECT_EQ(moment("2027-10-31 02:30"), "2027-10-31T00:30:00.000Z");
  // Tomorrow's eight o'clock is nine hours away, or ten, where the clock is set.
  EXPECT_EQ(moment("tomorrow 08:00", "Europe/Berlin", parse_time("2027-03-27T22:00:00Z").value()),
            "2027-03-28T06:00:00.000Z");
}

TEST(When, WhatIsNoneIsNamed) {
  for (const auto* text :
       {"", "22", "22:0", "24:00", "22:60", "22:00 ", "10pm", "tomorrow", "yesterday 10:00",
        "2026-13-01 10:00", "2026-02-30 10:00", "2026-12-24", "2026-12-24 22:00:00", "+1:00",
        "2026-12-24 22:00 Europe/Berlin", "\x1b[31m22:00"}) {
    EXPECT_THAT(moment(text), HasSubstr("expected such as 22:00, tomorrow 08:00")) << text;
  }
}

TEST(When, IsSaidInWordsOfItsOwn) {
  EXPECT_EQ(read_when({"dev", "until", "tomorrow", "08:00"}, 1)->text, "tomorrow 08:00");
  EXPECT_FALSE(read_when({"until", "22:00"}, 0)->lasts);
  EXPECT_TRUE(read_when({"for", "3h"}, 0)->lasts);
  EXPECT_THAT(read_when({"till", "22:00"}, 0).error().message, HasSubstr("found \"till\""));
  EXPECT_THAT(read_when({"until"}, 0).error().message, HasSubstr("expected such as until 22:00"));
  EXPECT_THAT(read_when({}, 0).error().message, HasSubstr("found no end"));
}

}  // namespace
}  // namespace lamplighter::run
