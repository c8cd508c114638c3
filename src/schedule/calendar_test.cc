#include "schedule/calendar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::schedule {
namespace {

std::chrono::local_days day(std::string_view text) { return parse_day(text).value(); }

TEST(Calendars, HoldTheirDaysAcrossANewYear) {
  const Calendar calendar({{day("2026-12-28"), day("2027-01-01")}, {day("2026-12-25"), day("2026-12-25")}});
  for (const auto* one : {"2026-12-25", "2026-12-28", "2026-12-31", "2027-01-01"})
    EXPECT_TRUE(calendar.holds(day(one))) << one;
  for (const auto* one : {"2026-12-24", "2026-12-26", "2026-12-27", "2027-01-02", "2026-01-01"})
    EXPECT_FALSE(calendar.holds(day(one))) << one;
  EXPECT_FALSE(Calendar().holds(day("2026-12-25")));
}

TEST(Calendars, HaveEachDayOnce) {
  const Calendar calendar({{day("2026-12-26"), day("2026-12-28")},
                           {day("2026-12-24"), day("2026-12-25")},
                           {day("2026-12-27"), day("2026-12-27")},
                           {day("2026-12-31"), day("2026-12-30")},
                           {day("2026-12-30"), day("2026-12-31")}});
  EXPECT_THAT(calendar.ranges(), testing::ElementsAre(DayRange{day("2026-12-24"), day("2026-12-28")},
                                                      DayRange{day("2026-12-30"), day("2026-12-31")}));
}

TEST(Calendars, ReadDaysThatAMonthHas) {
  EXPECT_EQ(format_day(day("2028-02-29")), "2028-02-29");
  for (const auto* text :
       {"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "20261225", "2026-12-25T", "1969-12-31",
        "2200-01-01", "2026-12--5", "-026-12-25", "2026/12/25"})
    EXPECT_FALSE(parse_day(text)) << text;
}

TEST(Calendars, ReadAndWriteDaysInARow) {
  EXPECT_EQ(format_days(parse_days("2026-12-28..2027-01-01").value()), "2026-12-28..2027-01-01");
  EXPECT_EQ(format_days(parse_days("2026-12-25").value()), "2026-12-25");
  EXPECT_EQ(format_days(parse_days("2026-12-25..2026-12-25").value()), "2026-12-25");
  for (const auto* text :
       {"", "..", "2026-12-25..", "..2026-12-25", "2026-12-25..2026-12-24", "2026-12-25...2026-12-26",
        "2026-12-25..2026-12-26..2026-12-27", "2026-12-25-2026-12-26"})
    EXPECT_FALSE(parse_days(text)) << text;
}

TEST(Calendars, AreCutToBounds) {
  const Calendar calendar({{day("2026-12-24"), day("2026-12-26")}, {day("2027-01-01"), day("2027-01-01")}});
  EXPECT_THAT(calendar.within({day("2026-12-26"), day("2026-12-31")}).ranges(),
              testing::ElementsAre(DayRange{day("2026-12-26"), day("2026-12-26")}));
  EXPECT_EQ(calendar.within({day("2026-01-01"), day("2028-01-01")}), calendar);
}

}  // namespace
}  // namespace lamplighter::schedule
