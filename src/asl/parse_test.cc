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

/// "CODE: MESSAGE at /location", each.
std::string refusal(const std::string& text, MachineType type = MachineType::standard) {
  return summary(parse(text, type).diagnostics);
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
                                       "ERROR INVALID_JSONATA_EXPRESSION /States/C/Choices[0]/Condition",
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
  EXPECT_THAT(
      first_message(machine(
          R"({"A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "Next": "B"}]}, "B": {"Type": "Succeed"}})",
          "JSONPath")),
      HasSubstr("write Condition"));
}

TEST(Parse, DistributedMapsAreRefusedWithAdvice) {
  EXPECT_THAT(first_message(machine(R"({"A": {"Type": "Map", "End": true, "ItemProcessor": {"ProcessorConfig":
                {"Mode": "DISTRIBUTED"}, "StartAt": "M", "States": {"M": {"Type": "Succeed"}}}}})")),
              HasSubstr("INLINE"));
}

TEST(Parse, AMachineNeedsAnEndAndWaysToAllItsStates) {
  EXPECT_EQ(refusal(machine(R"({"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"},
                                "Unused": {"Type": "Pass", "Next": "A"}})")),
            "MISSING_END_STATE: Workflow has no terminal state at null");
  EXPECT_EQ(refusal(machine(R"({"A": {"Type": "Pass", "Next": "A"}, "C": {"Type": "Pass", "End": true}})")),
            "MISSING_TRANSITION_TARGET: State \"C\" is not reachable. at /States/C");
  EXPECT_EQ(refusal(machine(R"({"A": {"Type": "Pass", "Next": "NOPE"}})")),
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: NOPE at /States/A/Next, "
            "MISSING_END_STATE: Workflow has no terminal state at null");
  EXPECT_EQ(refusal(machine(R"({"B": {"Type": "Succeed"}})")),
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: A at /StartAt, "
            "MISSING_TRANSITION_TARGET: State \"B\" is not reachable. at /States/B");
  EXPECT_EQ(refusal(machine(R"({"A": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "X", "States":
                {"X": {"Type": "Pass", "Next": "X"}}}}})")),
            "");  // only a whole machine must have an end
}

TEST(Parse, AFieldThatAStatesTypeDoesNotHaveIsNotSupported) {
  const auto unsupported = [](const std::string& type, const std::string& fields) {
    const std::string states = R"({"A": {"Type": ")" + type + R"(", )" + fields + "}}";
    return refusal(machine(states));
  };
  const auto said = [](const std::string& field, const std::string& place = "/States/A") {
    return "SCHEMA_VALIDATION_FAILED: Field '" + field + "' is not supported at " + place;
  };
  EXPECT_EQ(unsupported("Succeed", R"("Color": "red")"), said("Color"));
  EXPECT_EQ(unsupported("Succeed", R"("Assign": {"x": 1})"), said("Assign"));
  EXPECT_EQ(unsupported("Fail", R"("Assign": {"x": 1})"), said("Assign"));
  EXPECT_EQ(unsupported("Fail", R"("Output": 1)"), said("Output"));
  EXPECT_EQ(unsupported("Succeed", R"("End": true)"), said("End"));
  for (const std::string field : {R"("TimeoutSeconds": 5)", R"("Retry": [])", R"("Catch": [])"}) {
    const auto name = field.substr(1, field.find('"', 1) - 1);
    EXPECT_EQ(unsupported("Pass", R"("End": true, )" + field), said(name));
    EXPECT_EQ(unsupported("Wait", R"("Seconds": 1, "End": true, )" + field), said(name));
  }
  const std::string inner = R"("StartAt": "X", "States": {"X": {"Type": "Succeed"}}})";
  EXPECT_EQ(unsupported("Map", R"("End": true, "TimeoutSeconds": 5, "ItemProcessor": {)" + inner),
            said("TimeoutSeconds"));
  EXPECT_EQ(unsupported("Map", R"("End": true, "ItemProcessor": {"QueryLanguage": "JSONata", )" + inner),
            said("QueryLanguage", "/States/A/ItemProcessor"));
  EXPECT_EQ(
      unsupported("Parallel", R"("End": true, "Branches": [{"QueryLanguage": "JSONata", )" + inner + "]"),
      said("QueryLanguage", "/States/A/Branches[0]"));
  EXPECT_EQ(unsupported("Task", R"("End": true, "Resource": "arn:aws:states:::lambda:invoke",
                                   "Retry": [{"ErrorEquals": ["E"], "MaxAttempt": 1}])"),
            said("MaxAttempt", "/States/A/Retry[0]"));
  EXPECT_EQ(refusal(R"({"StartAt": "A", "Colour": 1, "States": {"A": {"Type": "Succeed", "Comment": ""}}})"),
            said("Colour", "/"));
}

TEST(Parse, EachDialectHasItsFields) {
  EXPECT_EQ(refusal(machine(R"({"A": {"Type": "Pass", "End": true, "Result": 1}})")),
            "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', but field 'Result' is only "
            "supported for "
            "the 'JSONPath' QueryLanguage at /States/A");
  EXPECT_EQ(refusal(machine(R"({"A": {"Type": "Pass", "End": true, "Output": 1, "InputPath": "$.x"}})",
                            "JSONPath")),
            "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Output' is only "
            "supported for "
            "the 'JSONata' QueryLanguage at /States/A");  // and nothing of what only we refuse
  EXPECT_EQ(
      refusal(machine(R"({"A": {"Type": "Pass", "QueryLanguage": "JSONPath", "End": true, "Output": 1}})")),
      "SCHEMA_VALIDATION_FAILED: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state "
      "machine "
      "at /States/A");
  EXPECT_EQ(
      refusal(machine(R"({"A": {"Type": "Pass", "QueryLanguage": "jsonpath", "End": true, "Output": 1}})")),
      "SCHEMA_VALIDATION_FAILED: Value should be one of the following: [JSONPath, JSONata] at "
      "/States/A/QueryLanguage");
  EXPECT_EQ(refusal(R"({"QueryLanguage": 5, "StartAt": "A", "States": {"A": {"Type": "Succeed"}}})"),
            "SCHEMA_VALIDATION_FAILED: Expected value of type [STRING] at /QueryLanguage");
}

TEST(Parse, AnExpressionReadsOnlyWhatIsThere) {
  const auto pass = [](const std::string& expression) {
    return refusal(
        machine(R"({"A": {"Type": "Pass", "End": true, "Output": {"v": "{% )" + expression + R"( %}"}}})"));
  };
  const std::string unsupported = "UNSUPPORTED_JSONATA_EXPRESSION: ";
  const std::string here = " at /States/A/Output/v";
  EXPECT_EQ(pass("foo.bar"), unsupported + "Reference to 'foo' at the top level is not supported." + here);
  EXPECT_EQ(pass("$states.input.a[foo = 1].bar"), "");
  EXPECT_EQ(pass("$states.input.a[$$.x]"), unsupported + "Reference to '$$' is not supported." + here);
  EXPECT_EQ(pass("$states.result"), unsupported + "Field '$states.result' does not exist." + here);
  EXPECT_EQ(pass("$states.errorOutput.Cause"),
            unsupported + "Field '$states.errorOutput' does not exist." + here);
  EXPECT_THAT(pass("1 +"), ::testing::StartsWith("INVALID_JSONATA_EXPRESSION: "));
  EXPECT_THAT(pass(""), ::testing::StartsWith("INVALID_JSONATA_EXPRESSION: "));
}

TEST(Parse, ResultsAndErrorsAreThereInTheirPlaces) {
  const auto task = [](const std::string& field, const std::string& in_catch) {
    return problems(
        machine(R"({"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "B", )" +
                field + R"(, "Catch": [{"ErrorEquals": ["E"], "Next": "B", )" + in_catch + R"(}]},
                            "B": {"Type": "Succeed"}})"));
  };
  EXPECT_THAT(task(R"("Output": "{% $states.result %}", "Assign": {"r": "{% $states.result %}"})",
                   R"("Output": "{% $states.errorOutput %}", "Assign": {"e": "{% $states.errorOutput %}"})"),
              IsEmpty());
  EXPECT_THAT(task(R"("Arguments": "{% $states.result %}")", R"("Output": "{% $states.result %}")"),
              ElementsAre("ERROR UNSUPPORTED_JSONATA_EXPRESSION /States/A/Arguments",
                          "ERROR UNSUPPORTED_JSONATA_EXPRESSION /States/A/Catch[0]/Output"));
  EXPECT_THAT(task(R"("Output": "{% $states.errorOutput %}")", R"("Comment": "{% foo %}")"),
              ElementsAre("ERROR UNSUPPORTED_JSONATA_EXPRESSION /States/A/Output"));
}

TEST(Parse, HalfAnExpressionIsNone) {
  for (const std::string text : {"{% 1", "1 %}", " {% 1 %}", "{%}"}) {
    EXPECT_THAT(problems(machine(R"({"A": {"Type": "Pass", "End": true, "Output": [")" + text + R"("]}})")),
                ElementsAre("ERROR INVALID_JSONATA_EXPRESSION /States/A/Output[0]"));
  }
  EXPECT_THAT(problems(machine(R"({"A": {"Type": "Pass", "Result": "{% 1", "End": true}})", "JSONPath")),
              IsEmpty());
}

TEST(Parse, InnerStatesDoNotAssignOuterVariables) {
  const auto in_branch = [](const std::string& outer, const std::string& inner) {
    return problems(
        machine(R"({"A": {"Type": "Parallel", "Next": "B", "Branches": [{"StartAt": "X", "States": {"X":
      {"Type": "Pass", "End": true, "Assign": {")" +
                inner + R"(": 1}}}}, {"StartAt": "Y", "States": {"Y":
      {"Type": "Pass", "End": true, "Assign": {"own": 1}}}}], "Catch": [{"ErrorEquals": ["E"], "Next": "B", "Assign": {")" +
                outer + R"(": 1}}]}, "B": {"Type": "Succeed"}})"));
  };
  EXPECT_THAT(in_branch("v", "v"),
              ElementsAre("ERROR DUPLICATE_VARIABLE_NAME /States/A/Branches[0]/States/X/Assign/v"));
  EXPECT_THAT(in_branch("v", "own"), IsEmpty());  // branches side by side do not see each other
}

TEST(Parse, WhatTheServiceSaysOfSingleFields) {
  const auto said = [](const std::string& state) {
    return refusal(machine(R"({"A": {"End": true, )" + state + "}}"));
  };
  EXPECT_EQ(said(R"("Type": "Wait", "Timestamp": "2016-12-05T25:29:29Z")"),
            "SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp at /States/A/Timestamp");
  EXPECT_EQ(said(R"("Type": "Task")"),
            "SCHEMA_VALIDATION_FAILED: These fields are required: [Resource] at /States/A");
  EXPECT_THAT(said(R"("Type": "Task", "Resource": "arn:aws:states:::dynamodb:query")"),
              HasSubstr("The resource provided arn:aws:states:::dynamodb:query is not recognized."));
  EXPECT_THAT(said(R"("Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Credentials": {})"),
              HasSubstr("[RoleArn] at /States/A/Credentials"));
  EXPECT_EQ(refusal("{}"), "SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /");
  const std::string map =
      R"("Type": "Map", "ItemProcessor": {"StartAt": "X", "States": {"X": {"Type": "Succeed"}}}, )";
  EXPECT_EQ(said(map + R"("MaxConcurrency": -1)"),
            "SCHEMA_VALIDATION_FAILED: Minimum value is 0 at /States/A/MaxConcurrency");
  EXPECT_EQ(said(map + R"("ToleratedFailurePercentage": 33.3, "MaxConcurrency": 9223372036854775807)"), "");
  EXPECT_EQ(said(map + R"("ToleratedFailurePercentage": 100.5)"),
            "SCHEMA_VALIDATION_FAILED: Maximum value is 100 at /States/A/ToleratedFailurePercentage");
}

TEST(Parse, ExpressMachinesWaitForNobody) {
  const auto express = [](const std::string& resource) {
    return refusal(machine(R"({"A": {"Type": "Task", "Resource": ")" + resource +
                               R"(", "Parameters": {}, "End": true}})",
                           "JSONPath"),
                   MachineType::express);
  };
  const std::string said = "SCHEMA_VALIDATION_FAILED: Express state machine does not support ";
  EXPECT_EQ(express("arn:aws:states:::sns:publish.waitForTaskToken"),
            said + "'.waitForTaskToken' service integration  at /States/A/Resource");
  EXPECT_EQ(express("arn:aws:states:::states:startExecution.sync"),
            said + "'.sync' service integration at /States/A/Resource");
  EXPECT_EQ(express("arn:aws:states:us-east-1:1:activity:a"), said + "Activity ARN at /States/A/Resource");
  EXPECT_THAT(express("arn:aws:states:::lambda:invoke"),
              HasSubstr("write Arguments"));  // only we refuse that
}

TEST(Parse, TextThatIsNoJsonIsToldAsTheServiceDoes) {
  const auto problem = parse("\n not a definition").diagnostics.front();
  EXPECT_EQ(problem.message,
            "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', "
            "'true' or "
            "'false')\n at [Source: (String)\"\n not a definition\"; line: 2, column: 5]");
  EXPECT_EQ(problem.location, "[Source: (String)\"\n not a definition\"; line: 2, column: 5]");
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
