// Hours by day: changes of the clock, gaps, and what is not known.
#include "hours/hours.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hours/by_month.h"
#include "schedule/time_zone.h"

namespace lamplighter::hours {
namespace {

using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

Time at(const char* text) { return *parse_time(text); }

Days days(const std::vector<Look>& looks, const char* until, const std::string& zone = "Europe/Berlin") {
  return count(looks, *schedule::time_zone(zone), at(until));
}

TEST(Hours, DaysAreTheZonesAndEachLookCountsUntilTheNext) {
  EXPECT_THAT(
      days({{at("2026-11-26T05:00:00Z"), State::running}, {at("2026-11-26T19:00:00Z"), State::stopped}},
           "2026-11-27T05:00:00Z"),
      ElementsAre(Pair("2026-11-26", Hours{hours{14}, hours{4}}), Pair("2026-11-27", Hours{{}, hours{6}})));
}

TEST(Hours, WhatNobodySawIsUnknown) {
  EXPECT_THAT(days({}, "2026-11-27T05:00:00Z"), IsEmpty());
  EXPECT_THAT(days({{at("2026-11-26T05:00:00Z"), State::running},
                    {at("2026-11-26T07:00:00Z"), State::unknown},
                    {at("2026-11-26T10:00:00Z"), State::stopped}},
                   "2026-11-26T11:00:00Z"),
              ElementsAre(Pair("2026-11-26", Hours{hours{2}, hours{1}})));
}

TEST(Hours, ALookOfLongAgoSaysNothing) {
  const auto counted = days({{at("2026-01-01T00:00:00Z"), State::running}}, "2026-12-01T00:00:00Z", "UTC");
  EXPECT_EQ(counted.size(), 31U);
  EXPECT_EQ(counted.rbegin()->first, "2026-01-31");
}

struct Change {
  const char* zone;
  const char* from;
  const char* until;
  const char* day;
  int length;
};

class DayOfAChange : public ::testing::TestWithParam<Change> {};

TEST_P(DayOfAChange, IsAsLongAsItIs) {
  const auto counted = days({{at(GetParam().from), State::stopped}}, GetParam().until, GetParam().zone);
  ASSERT_TRUE(counted.contains(GetParam().day));
  EXPECT_EQ(counted.at(GetParam().day), (Hours{{}, hours{GetParam().length}}));
  Duration total{};
  for (const auto& [day, one] : counted) total += one.stopped;
  EXPECT_EQ(total, at(GetParam().until) - at(GetParam().from)) << "nothing is counted twice, nothing is lost";
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, DayOfAChange,
    ::testing::Values(
        Change{"Europe/Berlin", "2026-03-27T12:00:00Z", "2026-03-31T12:00:00Z", "2026-03-29", 23},
        Change{"Europe/Berlin", "2026-10-23T12:00:00Z", "2026-10-27T12:00:00Z", "2026-10-25", 25},
        Change{"America/New_York", "2026-03-06T12:00:00Z", "2026-03-10T12:00:00Z", "2026-03-08", 23},
        Change{"Asia/Beirut", "2026-03-27T12:00:00Z", "2026-03-31T12:00:00Z", "2026-03-29",
               23},  // no midnight
        Change{"America/Havana", "2026-10-30T12:00:00Z", "2026-11-03T12:00:00Z", "2026-11-01", 25},
        Change{"America/Asuncion", "2017-03-24T12:00:00Z", "2017-03-28T12:00:00Z", "2017-03-25",
               25},  // midnight twice
        Change{"Pacific/Apia", "2011-12-28T12:00:00Z", "2012-01-02T12:00:00Z", "2011-12-31", 24},  // no 30th
        Change{"Australia/Lord_Howe", "2026-04-03T12:00:00Z", "2026-04-07T12:00:00Z", "2026-04-04", 24}));

TEST(Hours, MonthsAreSumsOfTheirDays) {
  std::vector<Row> rows;
  for (const auto* environment : {"dev", "test"}) {
    for (const auto* day : {"2026-09-30", "2026-10-01", "2026-10-02", "2026-11-01"})
      rows.push_back({"lower", environment, day, hours{24}, {hours{10}, hours{8}}});
  }
  const auto months = by_month(rows, 2);
  ASSERT_EQ(months.size(), 4U);
  EXPECT_EQ(months[0].day, "2026-10");
  EXPECT_EQ(months[0].environment, "dev");
  EXPECT_EQ(months[0].hours, (Hours{hours{20}, hours{16}}));
  EXPECT_EQ(months[0].unknown(), hours{12});
  EXPECT_EQ(months[3].day, "2026-11");
  EXPECT_EQ(months[3].environment, "test");
}

TEST(Hours, ADayBeginsWhereTheOneBeforeEnds) {
  for (const auto* name : {"Europe/Berlin", "America/Asuncion", "Asia/Beirut", "Pacific/Apia", "UTC"}) {
    const auto zone = schedule::time_zone(name);
    for (Time time = at("2010-01-01T00:00:00Z"); time < at("2013-01-01T00:00:00Z"); time += hours{7}) {
      const Time begin = day_begin(*zone, time);
      const Time end = next_day(*zone, time);
      ASSERT_LE(begin, time);
      ASSERT_GT(end, time);
      EXPECT_EQ(date_of(*zone, begin), date_of(*zone, time));
      EXPECT_EQ(date_of(*zone, end - std::chrono::seconds{1}), date_of(*zone, time))
          << name << format_time(time);
    }
  }
}

}  // namespace
}  // namespace lamplighter::hours
