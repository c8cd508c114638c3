#include "schedule/bound_days.h"

#include <gtest/gtest.h>

namespace lamplighter::schedule {
namespace {

std::chrono::local_days day(std::string_view text) { return parse_day(text).value(); }

NamedDays named(const std::string& name, std::string_view days) {
  return {name, Calendar({parse_days(days).value()})};
}

TEST(BoundDays, AnExceptedDayIsLeftOutAlsoAmongThoseOfOnly) {
  const BoundDays days{
      {named("holidays", "2026-12-25")}, {named("work", "2026-12-21..2026-12-25")}, day("2028-11-30")};
  EXPECT_TRUE(days.verdict(day("2026-12-24")).runs);
  EXPECT_FALSE(days.verdict(day("2026-12-25")).runs);
  EXPECT_EQ(days.verdict(day("2026-12-25")).calendar, "holidays");
  EXPECT_EQ(days.verdict(day("2026-12-25")).reason, "not on holidays");
  EXPECT_EQ(days.verdict(day("2026-12-26")).calendar, "work");
  EXPECT_EQ(days.verdict(day("2026-12-26")).reason, "not in work");
}

TEST(BoundDays, OfSeveralInOnlyOneIsEnough) {
  const BoundDays days{{}, {named("work", "2026-12-21"), named("more", "2026-12-22")}, day("2028-11-30")};
  EXPECT_TRUE(days.verdict(day("2026-12-22")).runs);
  EXPECT_EQ(days.verdict(day("2026-12-23")).reason, "not in work, more");
  EXPECT_EQ(days.verdict(day("2026-12-23")).calendar, "");
}

TEST(BoundDays, WhatLiesBeyondRunsAndIsNotKnown) {
  const BoundDays days{{}, {named("work", "2026-12-21")}, day("2028-11-30")};
  EXPECT_TRUE(days.verdict(day("2028-11-30")).known);
  EXPECT_FALSE(days.verdict(day("2028-11-30")).runs);
  EXPECT_FALSE(days.verdict(day("2028-12-01")).known);
  EXPECT_TRUE(days.verdict(day("2028-12-01")).runs);
}

TEST(BoundDays, NoCalendarsBindNothing) {
  EXPECT_TRUE(BoundDays{}.verdict(day("2150-01-01")).runs);
  EXPECT_TRUE(BoundDays{}.verdict(day("2150-01-01")).known);
}

}  // namespace
}  // namespace lamplighter::schedule
