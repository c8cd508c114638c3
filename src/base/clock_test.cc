#include "base/clock.h"

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

TEST(Clock, FormatsAndReadsBack) {
  const Time time = *parse_time("2026-11-24T06:00:00.123Z");
  EXPECT_EQ(format_time(time), "2026-11-24T06:00:00.123Z");
}

TEST(Clock, ReadsOffsetsAndFractions) {
  EXPECT_EQ(format_time(*parse_time("2026-11-24T06:00:00+01:30")), "2026-11-24T04:30:00.000Z");
  EXPECT_EQ(format_time(*parse_time("2026-11-24T06:00:00.5-00:30")), "2026-11-24T06:30:00.500Z");
  EXPECT_EQ(format_time(*parse_time("2026-11-24T06:00:00.123456789Z")), "2026-11-24T06:00:00.123Z");
}

TEST(Clock, RefusesWhatIsNoTimestamp) {
  for (const char* text : {"",
                           "2026-11-24",
                           "2026-02-30T00:00:00Z",
                           "2026-11-24T25:00:00Z",
                           "2026-11-24T06:00:00",
                           "2026-11-24T06:00:00.Z",
                           "2026-11-24T06:00:00Zx",
                           "-026-11-24T06:00:00Z",
                           "2026-11-24T-0:-0:-0Z",
                           "2016-12-05 21:29:29Z",
                           "2016-12-05t21:29:29Z",
                           "2016-12-05T21:29:29z",
                           "2016-12-05T24:00:00Z",
                           "2016-12-31T23:59:60Z",
                           "2016-12-05T21:60:00Z",
                           "2016-12-05T+1:00:00Z",
                           "2016-12-05T 1:00:00Z",
                           "+016-12-05T01:00:00Z",
                           "2016-00-05T01:00:00Z",
                           "2016-13-05T01:00:00Z",
                           "2016-12-00T01:00:00Z",
                           "2016-1-05T01:00:00Z",
                           " 2016-12-05T01:00:00Z",
                           "2016-12-05T01:00:00Z ",
                           "2016-12-05T01:00:00.-1Z",
                           "2016-12-05T01:00:00.1234567890Z",
                           "2016-12-05T01:00:00,5Z",
                           "2016-12-05T01:00:00+24:00",
                           "2016-12-05T01:00:00+01:60",
                           "2016-12-05T01:00:00+0100",
                           "2016-12-05T01:00:00+1:00",
                           "2016-12-05T01:00:00+-1:00",
                           "2016-12-05T01:00:00+01",
                           "2016-12-05T01:00"}) {
    const auto result = parse_time(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().code, "InvalidTimestamp");
  }
}

TEST(ManualClock, SleepAdvancesIt) {
  ManualClock clock;
  clock.sleep(Duration{1500});
  clock.sleep(Duration{-1});
  EXPECT_EQ(clock.now(), Time{Duration{1500}});
}

TEST(SystemClock, RunsFasterOnRequest) {
  SystemClock clock(100000);
  const Time before = clock.now();
  clock.sleep(std::chrono::minutes{1});
  EXPECT_GE(clock.now() - before, std::chrono::minutes{1});
}

}  // namespace
}  // namespace lamplighter
