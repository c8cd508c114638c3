#include "schedule/ahead.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "schedule/occurrence.h"

namespace lamplighter::schedule {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> ahead(const std::string& expression, minutes by) {
  return ahead_of(parse_expression(expression).value(), by).value();
}

/// The first `count` moments at which one of the expressions is due, in UTC.
std::vector<Time> moments(const std::vector<std::string>& expressions, std::size_t count, Time from) {
  std::vector<Time> found;
  while (found.size() < count) {
    std::optional<Time> first;
    for (const std::string& expression : expressions) {
      const auto next =
          next_occurrence(Rule{parse_expression(expression).value(), "UTC", {}, {}, from}, from);
      if (next && (!first || *next < *first)) first = next;
    }
    if (!first) break;
    found.push_back(from = *first);
  }
  return found;
}

TEST(Ahead, IsAsEarlyOnTheSameDay) {
  EXPECT_THAT(ahead("cron(0 20 ? * MON-FRI *)", minutes(15)), ElementsAre("cron(45 19 ? * 2,3,4,5,6 *)"));
  EXPECT_THAT(ahead("cron(30 20 L * ? 2027)", minutes(15)), ElementsAre("cron(15 20 L * ? 2027)"));
  EXPECT_THAT(ahead("cron(0 9 15W,1 6 ? *)", minutes(1)), ElementsAre("cron(59 8 1,15W 6 ? *)"));
  EXPECT_THAT(ahead("cron(0 9 ? * 6#3 *)", minutes(60)), ElementsAre("cron(0 8 ? * 6#3 *)"));
  EXPECT_THAT(ahead("at(2027-01-01T00:10:00)", minutes(15)), ElementsAre("at(2026-12-31T23:55:00)"));
  EXPECT_THAT(ahead("rate(12 hours)", minutes(15)), ElementsAre("rate(720 minutes)"));
}

TEST(Ahead, TakesAsManyExpressionsAsMinutesAndHoursNeed) {
  EXPECT_THAT(ahead("cron(0,30 20 ? * * *)", minutes(15)),
              ElementsAre("cron(45 19 ? * * *)", "cron(15 20 ? * * *)"));
  EXPECT_THAT(ahead("cron(0,10 0-23 * * ? *)", minutes(5)),
              testing::UnorderedElementsAre("cron(5 * * * ? *)",
                                            "cron(55 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,"
                                            "21,22 * * ? *)",
                                            "cron(55 23 * * ? *)"));
}

TEST(Ahead, GoesToTheDayBefore) {
  EXPECT_THAT(ahead("cron(0 0 ? * SUN,TUE *)", minutes(15)), ElementsAre("cron(45 23 ? * 2,7 *)"));
  for (const char* expression : {"cron(0 0 1 * ? *)", "cron(0 0 ? 12 MON *)", "cron(0 0 ? * MON#1 *)",
                                 "cron(0 0 ? * FRIL *)", "cron(0 0 * * ? 2027)"}) {
    const auto refused = ahead_of(parse_expression(expression).value(), minutes(15));
    ASSERT_FALSE(refused) << expression;
    EXPECT_EQ(refused.error().code, "NoEarlierExpression");
    EXPECT_THAT(refused.error().message, HasSubstr("a later time of the day"));
  }
}

/// Whatever the fields hold, each moment of the one has one of the others so much before it, and no other.
TEST(Ahead, EveryOccurrenceHasOneAheadOfIt) {
  const Time from = parse_time("2026-11-27T12:00:00Z").value();
  Random random(7);
  for (int i = 0; i < 300; ++i) {
    const auto some = [&](std::uint64_t below) {
      return std::to_string(random.below(below)) + "," + std::to_string(random.below(below));
    };
    const std::string days =
        random.below(2) == 0 ? "? * " + std::to_string(1 + random.below(7)) + "-7" : "* * ?";
    const std::string cron = "cron(" + some(60) + " " + some(24) + " " + days + " *)";
    const minutes by(1 + static_cast<std::int64_t>(random.below(24 * 60)));
    auto expected = moments({cron}, 20, from + by);
    for (Time& time : expected) time -= by;
    EXPECT_EQ(moments(ahead(cron, by), 20, from), expected) << cron << " " << by.count();
  }
}

}  // namespace
}  // namespace lamplighter::schedule
