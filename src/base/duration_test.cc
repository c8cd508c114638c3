#include "base/duration.h"

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

TEST(Duration, ReadsEachUnitAndTheirSums) {
  EXPECT_EQ(*parse_duration("0"), Duration{0});
  EXPECT_EQ(*parse_duration("250ms"), Duration{250});
  EXPECT_EQ(*parse_duration("90s"), std::chrono::seconds{90});
  EXPECT_EQ(*parse_duration("1h30m"), std::chrono::minutes{90});
  EXPECT_EQ(*parse_duration("2d"), std::chrono::hours{48});
}

TEST(Duration, RefusesTheRest) {
  for (const char* text : {"", "10", "m", "10x", "10m1h", "10m10m", "-5m", "1 h", "99999999999999999999s",
                           "1.5h", "+5m", "1h-5m", "1h+5m", "-0", "+0", "1h 30m", " 1h", "1h ", "1H"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Duration, FormatsWhatItReads) {
  for (const char* text : {"0s", "250ms", "1m30s", "10m", "1h30m", "2d"}) {
    EXPECT_EQ(format_duration(*parse_duration(text)), text);
  }
}

}  // namespace
}  // namespace lamplighter
