#include "schedule/occurrence.h"

#include <cstdio>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/parser.h"
#include "schedule/time_zone.h"

namespace lamplighter::schedule {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kVectors = LAMPLIGHTER_SOURCE_DIR "/../shared/conformance/schedule/vectors.json";

Rule rule_of(const std::string& expression, const std::string& timezone = "UTC") {
  return {parse_expression(expression).value(), timezone, std::nullopt, std::nullopt, Time{}};
}

/// The next occurrences, as text.
std::vector<std::string> next_of(const Rule& rule, const std::string& from, std::size_t count = 3) {
  std::vector<std::string> times;
  std::optional<Time> time = next_occurrence(rule, parse_time(from).value());
  for (; time && times.size() < count; time = next_occurrence(rule, *time)) {
    times.push_back(format_time(*time).substr(0, std::size("2026-11-26T00:00:00") - 1) + "Z");
  }
  return times;
}

std::vector<std::string> texts_of(const json::value& list) {
  std::vector<std::string> texts;
  for (const json::value& text : list.as_array()) texts.emplace_back(text.as_string());
  return texts;
}

/// Old and new data of a zone may differ: either is right.
bool agrees(const json::object& vector) {
  Rule rule = rule_of(std::string(vector.at("expression").as_string()),
                      std::string(vector.at("timezone").as_string()));
  if (const auto* start = vector.if_contains("start_date"))
    rule.start = parse_time(start->as_string()).value();
  const auto found = next_of(rule, std::string(vector.at("from").as_string()), 5);
  const auto* older = vector.if_contains("next_tzdata_2025b");
  return found == texts_of(vector.at("next")) || (older != nullptr && found == texts_of(*older));
}

TEST(Occurrences, AreThoseOfTheVectors) {
  std::ifstream file(kVectors);
  if (!file) {
    std::puts("not run: no data (../shared/conformance/schedule/vectors.json is missing)");
    return;
  }
  std::ostringstream text;
  text << file.rdbuf();
  const auto vectors = parse_json(text.str()).value();
  ASSERT_GE(vectors.as_array().size(), 27U);
  for (const json::value& vector : vectors.as_array()) {
    EXPECT_TRUE(agrees(vector.as_object())) << vector.at("id") << ' ' << vector.at("note");
  }
}

TEST(Occurrences, ComeStrictlyAfter) {
  const Rule rule = rule_of("cron(0 6 ? * MON-FRI *)");
  EXPECT_THAT(next_of(rule, "2026-11-26T05:59:59Z", 1), ElementsAre("2026-11-26T06:00:00Z"));
  EXPECT_THAT(next_of(rule, "2026-11-26T06:00:00Z"),
              ElementsAre("2026-11-27T06:00:00Z", "2026-11-30T06:00:00Z", "2026-12-01T06:00:00Z"));
}

TEST(Occurrences, OfTheSpecialDays) {
  const auto of = [](const char* cron) { return next_of(rule_of(cron), "2027-01-01T00:00:00Z"); };
  EXPECT_THAT(of("cron(0 6 31,L * ? *)"),
              ElementsAre("2027-01-31T06:00:00Z", "2027-02-28T06:00:00Z", "2027-03-31T06:00:00Z"));
  EXPECT_THAT(of("cron(0 6 LW * ? *)"),  // 31 January is a Sunday
              ElementsAre("2027-01-29T06:00:00Z", "2027-02-26T06:00:00Z", "2027-03-31T06:00:00Z"));
  EXPECT_THAT(of("cron(0 6 1W * ? *)"),  // 1 May is a Saturday: not into April
              ElementsAre("2027-01-01T06:00:00Z", "2027-02-01T06:00:00Z", "2027-03-01T06:00:00Z"));
  EXPECT_THAT(of("cron(0 6 1W 5 ? *)"),
              ElementsAre("2027-05-03T06:00:00Z", "2028-05-01T06:00:00Z", "2029-05-01T06:00:00Z"));
  EXPECT_THAT(of("cron(0 6 31W 2-4 ? *)"),
              ElementsAre("2027-03-31T06:00:00Z", "2028-03-31T06:00:00Z", "2029-03-30T06:00:00Z"));
  EXPECT_THAT(of("cron(0 6 ? * 6L *)"),
              ElementsAre("2027-01-29T06:00:00Z", "2027-02-26T06:00:00Z", "2027-03-26T06:00:00Z"));
}

TEST(Occurrences, MayNeverCome) {
  EXPECT_THAT(next_of(rule_of("cron(0 6 30 2 ? *)"), "2026-11-26T00:00:00Z"), IsEmpty());
  EXPECT_THAT(next_of(rule_of("cron(0 6 * * ? 2025)"), "2026-11-26T00:00:00Z"), IsEmpty());
  EXPECT_THAT(next_of(rule_of("cron(0 6 31 12 ? *)"), "2199-12-31T06:00:00Z"), IsEmpty());
  EXPECT_THAT(next_of(rule_of("at(2026-11-25T06:00:00)"), "2026-11-26T00:00:00Z"), IsEmpty());
  EXPECT_THAT(next_of(rule_of("at(2027-03-28T02:30:00)", "Europe/Berlin"), "2026-11-26T00:00:00Z"),
              IsEmpty());
}

TEST(Occurrences, LieBetweenStartAndEnd) {
  Rule rule = rule_of("cron(0 6 * * ? *)");
  rule.start = parse_time("2026-12-01T06:00:00Z").value();
  rule.end = parse_time("2026-12-02T06:00:00Z").value();
  EXPECT_THAT(next_of(rule, "2026-11-26T00:00:00Z"),
              ElementsAre("2026-12-01T06:00:00Z", "2026-12-02T06:00:00Z"));
  rule.expression = parse_expression("rate(36 hours)").value();
  EXPECT_THAT(next_of(rule, "2026-11-26T00:00:00Z"), ElementsAre("2026-12-01T06:00:00Z"));
  rule.expression = parse_expression("at(2027-01-01T00:00:00)").value();  // start and end don't matter to it
  EXPECT_THAT(next_of(rule, "2026-11-26T00:00:00Z"), ElementsAre("2027-01-01T00:00:00Z"));
}

TEST(Occurrences, OfARateCountFromWhenItWasKnown) {
  Rule rule = rule_of("rate(12 hours)");
  rule.known_since = parse_time("2026-11-26T05:00:00Z").value();
  EXPECT_THAT(next_of(rule, "2026-11-26T05:00:00Z", 2),
              ElementsAre("2026-11-26T17:00:00Z", "2026-11-27T05:00:00Z"));
}

/// How often it is due on a day of Berlin's clock, which is set forward on 28 March 2027 and back on 31
/// October.
std::size_t count_of_day(const std::string& expression, const std::string& day) {
  const Rule rule = rule_of(expression, "Europe/Berlin");
  const auto begin = parse_time(day + "T00:00:00Z").value().time_since_epoch();
  const Time first =
      to_utc(rule.timezone, std::chrono::local_seconds(std::chrono::floor<std::chrono::seconds>(begin)))
          .value();
  const Time end = first + std::chrono::hours(day == "2027-03-28" ? 23 : day == "2027-10-31" ? 25 : 24);
  std::size_t count = 0;
  Time last = first - std::chrono::milliseconds(1);
  for (auto time = next_occurrence(rule, last); time && *time < end; time = next_occurrence(rule, last)) {
    EXPECT_GT(*time, last);
    last = *time;
    ++count;
  }
  return count;
}

TEST(Occurrences, AClockThatIsSetBackFiresNothingTwice) {
  EXPECT_EQ(count_of_day("cron(30 2 * * ? *)", "2027-10-31"), 1U);
  EXPECT_EQ(count_of_day("cron(* * * * ? *)", "2027-10-31"), 24U * 60U)
      << "nothing in the hour that comes again";
  EXPECT_EQ(count_of_day("cron(* * * * ? *)", "2027-11-01"), 24U * 60U) << "nor does it go on afterwards";
}

TEST(Occurrences, AClockThatIsSetForwardSkipsWhatItSkipsAndNoMore) {
  EXPECT_EQ(count_of_day("cron(30 2 * * ? *)", "2027-03-28"), 0U);
  EXPECT_EQ(count_of_day("cron(* * * * ? *)", "2027-03-28"), 23U * 60U);
  EXPECT_EQ(count_of_day("cron(0 * * * ? *)", "2027-03-28"), 23U);
  EXPECT_THAT(next_of(rule_of("cron(30 2,3 * * ? *)", "Europe/Berlin"), "2027-03-27T12:00:00Z"),
              ElementsAre("2027-03-28T01:30:00Z", "2027-03-29T00:30:00Z", "2027-03-29T01:30:00Z"))
      << "the rest of the day and the following days are as ever";
}

TEST(Occurrences, ARateOfDaysKnowsNoClock) {
  Rule rule = rule_of("rate(1 day)", "Europe/Berlin");
  rule.start = parse_time("2027-10-30T10:00:00Z").value();
  EXPECT_THAT(next_of(rule, "2027-10-30T10:00:00Z", 2),
              ElementsAre("2027-10-31T10:00:00Z", "2027-11-01T10:00:00Z"));
}

TEST(Occurrences, GoByTheZonesCalendarNotByUtcs) {
  // It is still 2026 in UTC, and Thursday.
  EXPECT_THAT(next_of(rule_of("cron(30 0 1 1 ? 2027)", "Pacific/Auckland"), "2026-11-26T00:00:00Z"),
              ElementsAre("2026-12-31T11:30:00Z"));
  EXPECT_THAT(next_of(rule_of("cron(30 0 ? 1 FRI 2027)", "Pacific/Auckland"), "2026-11-26T00:00:00Z", 2),
              ElementsAre("2026-12-31T11:30:00Z", "2027-01-07T11:30:00Z"));
  EXPECT_THAT(next_of(rule_of("cron(30 23 L 12 ? 2026)", "America/New_York"), "2026-11-26T00:00:00Z"),
              ElementsAre("2027-01-01T04:30:00Z"));
}

TEST(Occurrences, OfDaysThatFewMonthsHave) {
  const auto of = [](const char* cron) { return next_of(rule_of(cron), "2027-01-15T00:00:00Z", 4); };
  EXPECT_THAT(of("cron(0 6 31,L * ? *)"), ElementsAre("2027-01-31T06:00:00Z", "2027-02-28T06:00:00Z",
                                                      "2027-03-31T06:00:00Z", "2027-04-30T06:00:00Z"))
      << "either of the two";
  EXPECT_THAT(of("cron(0 6 31 * ? *)"), ElementsAre("2027-01-31T06:00:00Z", "2027-03-31T06:00:00Z",
                                                    "2027-05-31T06:00:00Z", "2027-07-31T06:00:00Z"));
  EXPECT_THAT(of("cron(0 6 29 2 ? *)"), ElementsAre("2028-02-29T06:00:00Z", "2032-02-29T06:00:00Z",
                                                    "2036-02-29T06:00:00Z", "2040-02-29T06:00:00Z"));
  EXPECT_THAT(next_of(rule_of("cron(0 6 29 2 ? 2100)"), "2027-01-15T00:00:00Z"), IsEmpty()) << "no leap year";
}

TEST(Occurrences, GoByTheRulesThatHold) {
  // As after an update of the system's tzdata, in which the zone gave its summer time up.
  const Rule rule = rule_of("cron(0 6 * * ? *)", "Europe/Berlin");
  const Zone without(std::chrono::hours(1), {}, std::nullopt);
  const Time june = parse_time("2027-06-01T00:00:00Z").value();
  EXPECT_EQ(next_occurrence(rule, june), june + std::chrono::hours(4));
  EXPECT_EQ(next_occurrence(rule, without, june), june + std::chrono::hours(5));
}

/// Through all changes of the clock of a year, in every zone: each occurrence is later than the last,
/// shows the wanted time on the zone's clock, and none is left out but where the clock skips it.
TEST(Occurrences, GoOnThroughEveryChangeOfEveryZone) {
  for (const std::string& zone : time_zones()) {
    const Rule rule = rule_of("cron(30 0,1,2,3 * * ? 2027)", zone);
    Time last = parse_time("2026-12-30T00:00:00Z").value();
    int count = 0;
    for (auto time = next_occurrence(rule, last); time; time = next_occurrence(rule, last), ++count) {
      ASSERT_GT(*time, last) << zone;
      const auto local = to_local(zone, *time);
      ASSERT_EQ(local - std::chrono::floor<std::chrono::hours>(local), std::chrono::minutes(30)) << zone;
      last = *time;
    }
    EXPECT_LE(count, 4 * 365) << zone;
    EXPECT_GE(count, 4 * 365 - 8) << zone;
  }
}

}  // namespace
}  // namespace lamplighter::schedule
