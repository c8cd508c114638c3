#include "asl/parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::asl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string machine(const std::string& states, const std::string& language = "JSONata") {
  return R"({"QueryLanguage": ")" + language + R"(", "StartAt": "A", "States": )" + states + "}";
}

/// "ERROR CODE /location", each.
std::vector<std::string> problems(const std::string& text) {
  std::vector<std::string> out;
  for (const auto& diagnostic : parse(text).diagnostics) {
    out.push_back(std::string(to_string(diagnostic.severity)) + " " + diagnostic.code + " " +
                  diagnostic.location);
  }
  return out;
}

std::string first_message(const std::string& text) {
  const auto parsed = parse(text);
  return parsed.diagnostics.empty() ? "" : parsed.diagnostics.front().message;
}

TEST(Parse, ReadsEveryField) {
  const auto parsed = parse(machine(R"({
    "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "B", "TimeoutSeconds": 60,
      "HeartbeatSeconds": "{% 5 %}", "Arguments": {"FunctionName": "f", "Payload": {"x": "{% $states.input %}", "y": 1}},
      "Assign": {"v": "{% $states.result %}", "w": 1}, "Credentials": {"RoleArn": "arn:aws:iam::1:role/r"},
      "Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 2, "MaxAttempts": 5, "BackoffRate": 1.5, "MaxDelaySeconds": 9,
        "JitterStrategy": "FULL"}],
      "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B", "Output": "{% $states.errorOutput %}", "Assign": {"e": 1}}]},
    "B": {"Type": "Succeed"}})"));
  ASSERT_TRUE(parsed.definition) << summary(parsed.diagnostics);
  const State& task = *parsed.definition->find("A");
  EXPECT_EQ(task.arguments->kind, Template::Kind::object);
  EXPECT_EQ(task.arguments->items[1].items[0].expression.front().location, "Arguments/Payload/x");
  EXPECT_EQ(task.assign[1].first, "w");
  EXPECT_EQ(task.retry.front().max_delay_seconds, 9);
  EXPECT_TRUE(task.retry.front().full_jitter);
  EXPECT_EQ(task.catchers.front().next, "B");
}

TEST(Parse, ReportsEveryProblemAtOnceWithItsPlace) {
  EXPECT_THAT(problems(machine(R"({
    "A": {"Type": "Task", "Next": "Nowhere", "TimeoutSeconds": 0},
    "B": {"Type": "Wait", "End": true},
    "C": {"Type": "Choice", "Choices": [{"Condition": "{% ( %}", "Next": "A"}]},
    "D": {"Type": "Sleep"}})")),
              ::testing::IsSupersetOf({"ERROR SCHEMA_VALIDATION_FAILED /States/A",
                                       "ERROR MISSING_TRANSITION_TARGET /States/A/Next",
                                       "ERROR SCHEMA_VALIDATION_FAILED /States/A/TimeoutSeconds",
                                       "ERROR SCHEMA_VALIDATION_FAILED /States/B",
                                       "ERROR SCHEMA_VALIDATION_FAILED /States/C/Choices[0]/Condition",
                                       "ERROR SCHEMA_VALIDATION_FAILED /States/D/Type"}));
}

TEST(Parse, NestedStatesHaveTheirPlacesToo) {
  EXPECT_THAT(problems(machine(R"({"A": {"Type": "Parallel", "End": true, "Branches": [
                {"StartAt": "X", "States": {"X": {"Type": "Pass", "Next": "Y"}}}]}})")),
              ElementsAre("ERROR MISSING_TRANSITION_TARGET /States/A/Branches[0]/States/X/Next"));
  EXPECT_THAT(problems(machine(R"({"A": {"Type": "Map", "End": true, "ItemProcessor":
                {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}}})")),
              ElementsAre("ERROR DUPLICATE_STATE_NAME /States/A/ItemProcessor/States/A"));
}

TEST(Parse, TheJsonPathDialectRunsAsFarAsBothShareIt) {
  EXPECT_THAT(problems(R"({"StartAt": "A", "States": {
      "A": {"Type": "Pass", "Result": {"any.$": 1}, "Next": "B", "Assign": {"x": 1}},
      "B": {"Type": "Map", "Next": "C", "ItemProcessor": {"StartAt": "M", "States": {"M": {"Type": "Succeed"}}}},
      "C": {"Type": "Fail", "Error": "E"}}})"),
              IsEmpty());
}

TEST(Parse, WhatOnlyTheJsonPathDialectHasIsRefusedWithAdvice) {
  const auto refused = [](const std::string& field) {
    return first_message(machine(R"({"A": {"Type": "Pass", "End": true, )" + field + "}}", "JSONPath"));
  };
  EXPECT_THAT(refused(R"("InputPath": "$.x")"), HasSubstr("\"QueryLanguage\": \"JSONata\""));
  EXPECT_THAT(refused(R"("Parameters": {"a.$": "$.b"})"), HasSubstr("write Arguments"));
  EXPECT_THAT(refused(R"("Assign": {"a.$": "$.b"})"), HasSubstr("'a.$'"));
  EXPECT_THAT(first_message(machine(
                  R"({"A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "Next": "A"}]}})", "JSONPath")),
              HasSubstr("write Condition"));
  EXPECT_THAT(first_message(machine(R"({"A": {"Type": "Pass", "End": true, "Result": 1}})")),
              HasSubstr("write Output"));
}

TEST(Parse, UnknownResourcesAndDistributedMapsAreRefusedWithAdvice) {
  EXPECT_THAT(first_message(machine(
                  R"({"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true}})")),
              HasSubstr("arn:aws:states:::lambda:invoke"));
  EXPECT_THAT(first_message(machine(R"({"A": {"Type": "Map", "End": true, "ItemProcessor": {"ProcessorConfig":
                {"Mode": "DISTRIBUTED"}, "StartAt": "M", "States": {"M": {"Type": "Succeed"}}}}})")),
              HasSubstr("INLINE"));
}

TEST(Parse, WhatIsOddButHarmlessIsAWarning) {
  const auto parsed =
      parse(machine(R"({"A": {"Type": "Succeed", "Color": "red"}, "B": {"Type": "Succeed"}})"));
  EXPECT_TRUE(parsed.definition);
  EXPECT_EQ(parsed.diagnostics.size(), 2U);
  for (const auto& diagnostic : parsed.diagnostics)
    EXPECT_EQ(diagnostic.severity, Diagnostic::Severity::warning);
}

TEST(Parse, ReservedAndMisplacedThingsAreErrors) {
  EXPECT_THAT(problems(machine(R"({"A": {"Type": "Pass", "End": true, "Assign": {"states": 1, "1x": 2}}})")),
              ElementsAre("ERROR SCHEMA_VALIDATION_FAILED /States/A/Assign/states",
                          "ERROR SCHEMA_VALIDATION_FAILED /States/A/Assign/1x"));
  EXPECT_THAT(problems(machine(R"({"A": {"Type": "Parallel", "End": true, "Branches": [
                {"StartAt": "X", "States": {"X": {"Type": "Succeed"}}}],
                "Retry": [{"ErrorEquals": ["States.ALL", "E"]}], "Catch": [{"ErrorEquals": [], "Next": "A"}]}})")),
              ElementsAre("ERROR SCHEMA_VALIDATION_FAILED /States/A/Retry[0]/ErrorEquals",
                          "ERROR SCHEMA_VALIDATION_FAILED /States/A/Catch[0]/ErrorEquals"));
}

TEST(Parse, HostileTextIsRefused) {
  EXPECT_EQ(parse("{").diagnostics.front().code, "INVALID_JSON_DESCRIPTION");
  EXPECT_EQ(parse("[]").diagnostics.front().code, "INVALID_JSON_DESCRIPTION");
  EXPECT_EQ(parse(std::string(2'000'000, ' ')).diagnostics.front().code, "INVALID_JSON_DESCRIPTION");
  EXPECT_EQ(parse(std::string(100'000, '[')).diagnostics.front().code, "INVALID_JSON_DESCRIPTION");
  EXPECT_FALSE(parse("{}").definition);
  EXPECT_FALSE(parse(machine("{}")).definition);
  EXPECT_FALSE(
      parse(machine(R"({"A": {"Type": "Succeed"}, ")" + std::string(81, 'x') + R"(": {"Type": "Succeed"}})"))
          .definition);
}

}  // namespace
}  // namespace lamplighter::asl
