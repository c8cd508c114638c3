#include "schedule/zone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::schedule {
namespace {

using namespace std::chrono;

Zone berlin() { return {hours(1), {}, parse_posix_rule("CET-1CEST,M3.5.0,M10.5.0/3").value()}; }

TEST(Zone, IsUtcWhereNothingIsSaid) {
  EXPECT_EQ(Zone().to_local(sys_days(2027y / 1 / 1)), local_days(2027y / 1 / 1));
  EXPECT_EQ(Zone().to_utc(local_days(2027y / 1 / 1)), sys_days(2027y / 1 / 1));
}

TEST(Zone, SkipsAnHour) {
  const sys_seconds change = sys_days(2027y / 3 / 28) + 1h;
  const local_seconds day = local_days(2027y / 3 / 28);
  EXPECT_EQ(berlin().to_local(change - 1s), day + 1h + 59min + 59s);
  EXPECT_EQ(berlin().to_local(change), day + 3h);
  EXPECT_EQ(berlin().to_utc(day + 1h + 59min + 59s), change - 1s);
  EXPECT_EQ(berlin().to_utc(day + 2h), std::nullopt);
  EXPECT_EQ(berlin().to_utc(day + 2h + 59min + 59s), std::nullopt);
  EXPECT_EQ(berlin().to_utc(day + 3h), change);
}

TEST(Zone, ShowsAnHourTwiceAndMeansTheFirst) {
  const sys_seconds change = sys_days(2027y / 10 / 31) + 1h;
  const local_seconds day = local_days(2027y / 10 / 31);
  EXPECT_EQ(berlin().to_local(change), day + 2h);
  EXPECT_EQ(berlin().to_local(change - 1h), day + 2h);
  EXPECT_EQ(berlin().to_utc(day + 2h), change - 1h);
  EXPECT_EQ(berlin().to_utc(day + 2h + 59min + 59s), change - 1s);
  EXPECT_EQ(berlin().to_utc(day + 3h), change + 1h);
}

TEST(Zone, GoesByWhatIsListedAndThenByTheRule) {
  const sys_seconds change = sys_days(2027y / 6 / 1);
  const Zone zone(-hours(3), {{change, hours(2)}}, parse_posix_rule("CET-1CEST,M3.5.0,M10.5.0/3").value());
  EXPECT_EQ(zone.to_local(change - 1s), local_days(2027y / 5 / 31) + 20h + 59min + 59s);
  EXPECT_EQ(zone.to_local(change), local_days(2027y / 6 / 1) + 2h);
  EXPECT_EQ(zone.to_utc(local_days(2027y / 12 / 1)), sys_days(2027y / 12 / 1) - 1h);
}

TEST(Zone, TheRuleHoldsForAllTime) {
  for (const year y : {2199y, 2399y, 2400y, 2500y, 3000y, 9999y}) {
    EXPECT_EQ(berlin().to_local(sys_days(y / 1 / 1)), local_days(y / 1 / 1) + 1h) << int{y};
    EXPECT_EQ(berlin().to_local(sys_days(y / 7 / 1)), local_days(y / 7 / 1) + 2h) << int{y};
    EXPECT_EQ(berlin().to_utc(local_days(y / 7 / 1)), sys_days(y / 7 / 1) - 2h) << int{y};
    const local_seconds gap = local_days(y / 3 / Sunday[last]) + 2h + 30min;
    EXPECT_EQ(berlin().to_utc(gap), std::nullopt) << int{y};
  }
}

TEST(Zone, AYearMayBeAllSummer) {
  const Zone zone(-hours(4), {}, parse_posix_rule("XXX3EDT4,0/0,J365/23").value());  // of RFC 9636
  for (auto time = sys_seconds(sys_days(2026y / 12 / 30)); time < sys_days(2027y / 1 / 3); time += 30min)
    ASSERT_EQ(zone.to_local(time).time_since_epoch(), time.time_since_epoch() - 4h);
}

TEST(Zone, ALocalTimeThatWasSkippedMayComeLater) {
  const sys_seconds first = sys_days(2027y / 6 / 1);
  const Zone zone(hours(0), {{first, hours(2)}, {first + 1h, hours(0)}}, std::nullopt);
  EXPECT_EQ(zone.to_utc(local_days(2027y / 6 / 1) + 90min), first + 90min);
}

}  // namespace
}  // namespace lamplighter::schedule
