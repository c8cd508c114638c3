#include "tasks/alarm_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::tasks {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> alarms(std::string_view rule) {
  const auto found = alarms_in_rule(rule);
  EXPECT_TRUE(found) << found.error().message;
  return found.value_or(std::vector<std::string>{"?"});
}

std::string error(std::string_view rule) {
  const auto found = alarms_in_rule(rule);
  return found ? "" : found.error().message;
}

TEST(AlarmRule, NamesItsAlarms) {
  EXPECT_THAT(alarms("ALARM(web-cpu)"), ElementsAre("web-cpu"));
  EXPECT_THAT(alarms(R"rule((ALARM("web cpu") OR OK("db (1)")) AND NOT INSUFFICIENT_DATA( third ))rule"),
              ElementsAre("web cpu", "db (1)", "third"));
  EXPECT_THAT(alarms("ALARM(arn:aws:cloudwatch:us-east-1:111122223333:alarm:web-cpu)"),
              ElementsAre("arn:aws:cloudwatch:us-east-1:111122223333:alarm:web-cpu"));
  EXPECT_THAT(alarms("ALARM(a) or alarm(a) AND NOT NOT ok(b)"), ElementsAre("a", "b")) << "each once";
  EXPECT_THAT(alarms("AT_LEAST(2, ALARM, (a, \"b, c\", d)) OR AT_LEAST(50%, NOT OK, (e))"),
              ElementsAre("a", "b, c", "d", "e"));
  EXPECT_THAT(alarms(R"rule(ALARM("a \"quoted\" name"))rule"), ElementsAre("a \"quoted\" name"));
  EXPECT_THAT(alarms(" TRUE\n"), IsEmpty());
  EXPECT_THAT(alarms("FALSE AND (TRUE)"), IsEmpty());
}

TEST(AlarmRule, SaysWhereItIsNotUnderstood) {
  EXPECT_THAT(error("ALARM(a) XOR ALARM(b)"), HasSubstr("found \"XOR ALARM(b)\" at character 10"));
  EXPECT_THAT(error("ALARM("), HasSubstr("expected an alarm's name or ARN"));
  EXPECT_THAT(error("ALARM(\"a"), HasSubstr("expected \""));
  EXPECT_THAT(error("RINGS(a)"), HasSubstr("expected ALARM, OK"));
  EXPECT_THAT(error("(ALARM(a)"), HasSubstr("expected )"));
  EXPECT_THAT(error(""), HasSubstr("expected ALARM, OK"));
  EXPECT_THAT(error(std::string(10'000, '(')), HasSubstr("less depth"));
  EXPECT_THAT(error(std::string(30'000, 'a')), HasSubstr("at most 20480"));
}

}  // namespace
}  // namespace lamplighter::tasks
