#include "schedule/posix_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::schedule {
namespace {

using namespace std::chrono;
using Kind = YearlyDate::Kind;

TEST(PosixRule, CountsAheadOfUtc) {
  EXPECT_EQ(parse_posix_rule("JST-9")->offset, hours(9));
  EXPECT_EQ(parse_posix_rule("EST5")->offset, -hours(5));
  EXPECT_EQ(parse_posix_rule("<+0545>-5:45")->offset, hours(5) + minutes(45));
  EXPECT_EQ(parse_posix_rule("<-00>0")->offset, hours(0));
  EXPECT_EQ(parse_posix_rule("LMT0:01:15")->offset, -seconds(75));
  EXPECT_FALSE(parse_posix_rule("JST-9")->summer.has_value());
}

TEST(PosixRule, HasASummer) {
  const auto berlin = parse_posix_rule("CET-1CEST,M3.5.0,M10.5.0/3").value();
  EXPECT_EQ(berlin.summer->offset, hours(2)) << "an hour more where nothing is said";
  EXPECT_EQ(berlin.summer->begin.in(2027y), local_days(2027y / 3 / 28) + 2h);
  EXPECT_EQ(berlin.summer->end.in(2027y), local_days(2027y / 10 / 31) + 3h);
  const auto troll = parse_posix_rule("<+00>0<+02>-2,M3.5.0/1,M10.5.0/3").value();
  EXPECT_EQ(troll.summer->offset, hours(2));
  const auto dublin = parse_posix_rule("IST-1GMT0,M10.5.0,M3.5.0/1").value();
  EXPECT_EQ(dublin.summer->offset, hours(0)) << "its summer is the winter";
}

TEST(PosixRule, ATimeMayLieOutsideItsDay) {
  EXPECT_EQ(parse_posix_rule("<-02>2<-01>,M3.5.0/-1,M10.5.0/0")->summer->begin.in(2027y),
            local_days(2027y / 3 / 27) + 23h);
  EXPECT_EQ(parse_posix_rule("IST-2IDT,M3.4.4/26,M10.5.0")->summer->begin.in(2027y),
            local_days(2027y / 3 / 26) + 2h)
      << "the day after the fourth Thursday";
}

TEST(PosixRule, DaysOfTheYear) {
  const auto in = [](Kind kind, int day, year y) {
    return floor<days>(YearlyDate{kind, 0, 0, day, seconds(0)}.in(y));
  };
  EXPECT_EQ(in(Kind::of_365, 60, 2027y), local_days(2027y / 3 / 1));
  EXPECT_EQ(in(Kind::of_365, 60, 2028y), local_days(2028y / 3 / 1)) << "29 February is not counted";
  EXPECT_EQ(in(Kind::of_365, 59, 2028y), local_days(2028y / 2 / 28));
  EXPECT_EQ(in(Kind::of_366, 59, 2027y), local_days(2027y / 3 / 1));
  EXPECT_EQ(in(Kind::of_366, 59, 2028y), local_days(2028y / 2 / 29));
}

TEST(PosixRule, RefusesEverythingElse) {
  for (const char* bad :
       {"", "CET", "-1", "CET-1CEST", "CET-25", "CET-1:60", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5.0/168,M10.5.0",
        "CET-1CEST,J0,J1", "CET-1CEST,366,1", "CET-1CEST,M3.5.0,M10.5.0 ", "<CET-1", "CET-1CEST,M3.5,M10.5",
        "CET-1CEST-2M3.5.0,M10.5.0", "CET-99999999999999999999"}) {
    const auto parsed = parse_posix_rule(bad);
    ASSERT_FALSE(parsed.has_value()) << bad;
    EXPECT_EQ(parsed.error().code, "InvalidTimeZone");
  }
}

}  // namespace
}  // namespace lamplighter::schedule
