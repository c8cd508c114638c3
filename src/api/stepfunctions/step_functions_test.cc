#include "api/stepfunctions/step_functions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/mock_engine.h"

namespace lamplighter::api {
namespace {

using testing::_;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::NiceMock;
using testing::Return;

constexpr auto kMachineArn = "arn:aws:states:us-east-1:123456789012:stateMachine:m";
constexpr auto kDefinition = R"({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})";
constexpr auto kExecutionArn = "arn:aws:states:us-east-1:123456789012:execution:m:e";

class StepFunctionsTest : public testing::Test {
 protected:
  http::Response send(const std::string& action, const json::object& parameters,
                      const std::string& host = "127.0.0.1:1") {
    return StepFunctions(engine, door)
        .handle({"POST",
                 "/",
                 {{"Host", host}, {"X-Amz-Target", "AWSStepFunctions." + action}},
                 json_text(parameters)});
  }

  json::object answer(const std::string& action, const json::object& parameters) {
    const auto response = send(action, parameters);
    EXPECT_EQ(response.status, 200) << response.body;
    return parse_json(response.body).value().as_object();
  }

  std::string error(const std::string& action, const json::object& parameters) {
    const auto response = send(action, parameters);
    EXPECT_EQ(response.status, 400) << response.body;
    EXPECT_EQ(http::header(response.headers, "Content-Type"), "application/x-amz-json-1.0");
    return get_string(parse_json(response.body).value(), "__type");
  }

  static engine::Execution execution() {
    engine::Execution execution;
    execution.arn = kExecutionArn;
    execution.name = "e";
    execution.state_machine_arn = kMachineArn;
    execution.started = *parse_time("2026-11-24T06:00:00.250Z");
    execution.input = R"({"x":1})";
    return execution;
  }

  NiceMock<MockEngine> engine;
  ManualClock clock_{*parse_time("2026-11-24T06:00:00Z")};
  Door door{std::nullopt, clock_};
};

TEST_F(StepFunctionsTest, StartsAnExecution) {
  EXPECT_CALL(engine, start_execution(kMachineArn, "e", R"({"x":1})", _)).WillOnce(Return(execution()));
  const auto got =
      answer("StartExecution", {{"stateMachineArn", kMachineArn}, {"name", "e"}, {"input", R"({"x":1})"}});
  EXPECT_EQ(got.at("executionArn"), kExecutionArn);
  EXPECT_DOUBLE_EQ(got.at("startDate").as_double(), 1795500000.25);
}

TEST_F(StepFunctionsTest, AnExecutionWithoutInputGetsAnEmptyObject) {
  EXPECT_CALL(engine, start_execution(kMachineArn, "", "{}", _)).WillOnce(Return(execution()));
  answer("StartExecution", {{"stateMachineArn", kMachineArn}});
}

TEST_F(StepFunctionsTest, DescribesARunningExecutionWithoutWhatOnlyItsEndHas) {
  EXPECT_CALL(engine, describe_execution(kExecutionArn)).WillOnce(Return(execution()));
  const auto got = answer("DescribeExecution", {{"executionArn", kExecutionArn}});
  EXPECT_EQ(got.at("status"), "RUNNING");
  EXPECT_EQ(got.at("input"), R"({"x":1})");
  for (const auto* name : {"stopDate", "output", "error", "cause"}) EXPECT_FALSE(got.contains(name)) << name;
}

TEST_F(StepFunctionsTest, DescribesAFailureWithErrorAndCause) {
  auto failed = execution();
  failed.status = engine::ExecutionStatus::failed;
  failed.ended = failed.started + std::chrono::seconds(2);
  failed.error = "States.Timeout";
  failed.cause = "too late";
  EXPECT_CALL(engine, describe_execution(kExecutionArn)).WillOnce(Return(failed));
  const auto got = answer("DescribeExecution", {{"executionArn", kExecutionArn}});
  EXPECT_EQ(got.at("status"), "FAILED");
  EXPECT_EQ(got.at("error"), "States.Timeout");
  EXPECT_EQ(got.at("cause"), "too late");
  EXPECT_DOUBLE_EQ(got.at("stopDate").as_double(), 1795500002.25);
}

TEST_F(StepFunctionsTest, ListsPageByPage) {
  EXPECT_CALL(engine, list_executions(_)).WillOnce([](const engine::ListExecutions& request) {
    EXPECT_EQ(request.state_machine_arn, kMachineArn);
    EXPECT_EQ(request.status, engine::ExecutionStatus::running);
    EXPECT_EQ(request.max, 1U);
    EXPECT_EQ(request.token, "before");
    return engine::Page<engine::Execution>{{execution()}, "after"};
  });
  const auto got = answer("ListExecutions", {{"stateMachineArn", kMachineArn},
                                             {"statusFilter", "RUNNING"},
                                             {"maxResults", 1},
                                             {"nextToken", "before"}});
  EXPECT_EQ(got.at("executions").as_array().size(), 1U);
  EXPECT_EQ(got.at("nextToken"), "after");
}

TEST_F(StepFunctionsTest, HistoryHasEpochTimesAndLeavesDataOutOnRequest) {
  engine::Event event;
  event.id = 2;
  event.time = *parse_time("2026-11-24T06:00:00.125Z");
  event.type = engine::EventType::pass_state_entered;
  event.details = {{"name", "A"}};
  event.payload = std::make_shared<const std::string>("{}");
  ON_CALL(engine, history).WillByDefault([&](const engine::HistoryRequest& request) {
    EXPECT_TRUE(request.reverse);
    return engine::Page<engine::Event>{{event}, ""};
  });
  const auto got = answer("GetExecutionHistory", {{"executionArn", kExecutionArn}, {"reverseOrder", true}});
  const auto& shown = got.at("events").at(0);
  EXPECT_DOUBLE_EQ(shown.at("timestamp").as_double(), 1795500000.125);
  EXPECT_EQ(shown.at("stateEnteredEventDetails").at("input"), "{}");
  EXPECT_FALSE(got.contains("nextToken"));
  const auto bare =
      answer("GetExecutionHistory",
             {{"executionArn", kExecutionArn}, {"reverseOrder", true}, {"includeExecutionData", false}});
  EXPECT_EQ(bare.at("events").at(0).at("stateEnteredEventDetails"), (json::value{{"name", "A"}}));
}

TEST_F(StepFunctionsTest, TheEnginesErrorsKeepTheirNames) {
  EXPECT_CALL(engine, describe_execution(kExecutionArn))
      .WillOnce(Return(fail(ErrorKind::bad_input, "ExecutionDoesNotExist", "no such execution")));
  EXPECT_EQ(error("DescribeExecution", {{"executionArn", kExecutionArn}}), "ExecutionDoesNotExist");
}

TEST_F(StepFunctionsTest, TroubleOfOurOwnIsA500) {
  EXPECT_CALL(engine, describe_execution(kExecutionArn))
      .WillOnce(Return(fail(ErrorKind::internal, "Database", "disk full")));
  EXPECT_EQ(send("DescribeExecution", {{"executionArn", kExecutionArn}}).status, 500);
}

TEST_F(StepFunctionsTest, WhatIsNotSupportedIsRefusedByName) {
  const json::object machine{
      {"name", "m"}, {"definition", kDefinition}, {"roleArn", "arn:aws:iam::1:role/r"}};
  auto express = machine;
  express["type"] = "EXPRESS";
  EXPECT_EQ(error("CreateStateMachine", express), "StateMachineTypeNotSupported");
  express["definition"] = "{}";
  EXPECT_EQ(error("CreateStateMachine", express), "InvalidDefinition");
  auto published = machine;
  published["publish"] = true;
  EXPECT_EQ(error("CreateStateMachine", published), "ValidationException");
  auto described = machine;
  described["versionDescription"] = "first";
  EXPECT_THAT(send("CreateStateMachine", described).body, HasSubstr("can only be set when publish is true"));
  EXPECT_EQ(error("SendTaskSuccess", {}), "UnknownOperationException");
  EXPECT_EQ(error("ListExecutions", {{"mapRunArn", "x"}}), "ValidationException");
  EXPECT_EQ(error("UpdateStateMachine", {{"stateMachineArn", kMachineArn}}), "MissingRequiredParameter");
}

TEST_F(StepFunctionsTest, LoggingGoesToOneDestinationOrIsOff) {
  const auto with_logging = [](json::value logging) {
    return json::object{{"name", "m"},
                        {"definition", kDefinition},
                        {"roleArn", "arn:aws:iam::1:role/r"},
                        {"loggingConfiguration", std::move(logging)}};
  };
  const json::object destination{
      {"cloudWatchLogsLogGroup", {{"logGroupArn", "arn:aws:logs:r:1:log-group:g:*"}}}};
  for (const json::value& logging :
       {json::value{{"level", "ALL"}}, json::value("ALL"),
        json::value{{"level", "ERROR"}, {"destinations", json::array{destination, destination}}}})
    EXPECT_EQ(error("CreateStateMachine", with_logging(logging)), "InvalidLoggingConfiguration");
  EXPECT_CALL(engine, create_state_machine).Times(2).WillRepeatedly(Return(engine::StateMachine{}));
  answer("CreateStateMachine", with_logging({{"level", "OFF"}}));
  answer("CreateStateMachine", with_logging({{"level", "ALL"}, {"destinations", json::array{destination}}}));
}

TEST_F(StepFunctionsTest, AMachineHasNoVersions) {
  EXPECT_CALL(engine, describe_state_machine(kMachineArn)).WillOnce(Return(engine::StateMachine{}));
  const auto got = answer("ListStateMachineVersions", {{"stateMachineArn", kMachineArn}});
  EXPECT_EQ(json_text(got), R"({"stateMachineVersions":[]})");
}

TEST_F(StepFunctionsTest, AnErrorIsValidJsonWhateverTheRequestWas) {
  for (const std::string& name : {std::string("\xff\xfe"), std::string(255, 'x') + "\xc3\xa9"}) {
    const auto refused = send(name, {});
    EXPECT_TRUE(parse_json(refused.body)) << refused.body;
  }
  const auto cut = send("ListExecutions", {{"stateMachineArn", std::string(255, 'x') + "\xc3\xa9"}});
  EXPECT_EQ(cut.status, 400);
  EXPECT_TRUE(parse_json(cut.body)) << cut.body;
}

TEST_F(StepFunctionsTest, TagsAreKeptBesideTheMachine) {
  engine::StateMachine machine;
  machine.arn = kMachineArn;
  machine.extras = {{"tags", {{{"key", "a"}, {"value", "1"}}, {{"key", "b"}, {"value", "2"}}}}};
  ON_CALL(engine, describe_state_machine(kMachineArn)).WillByDefault(Return(machine));
  EXPECT_EQ(answer("ListTagsForResource", {{"resourceArn", kMachineArn}}).at("tags").as_array().size(), 2U);
  json::value saved;
  ON_CALL(engine, update_state_machine)
      .WillByDefault(
          [&](const auto&, const auto&, const auto&, const auto& change) -> Result<engine::StateMachine> {
            saved = TRY(change(machine.extras));
            return machine;
          });
  answer("TagResource",
         {{"resourceArn", kMachineArn}, {"tags", json::array{{{"key", "a"}, {"value", "3"}}}}});
  EXPECT_EQ(json_text(saved), R"({"tags":[{"key":"b","value":"2"},{"key":"a","value":"3"}]})");
  answer("UntagResource", {{"resourceArn", kMachineArn}, {"tagKeys", json::array{"a"}}});
  EXPECT_EQ(json_text(saved), R"({"tags":[{"key":"b","value":"2"}]})");
  // What is no tag is refused by its place, not taken for an empty text.
  saved = nullptr;
  const json::object number{{"resourceArn", kMachineArn}, {"tags", {{{"key", "a"}, {"value", 3}}}}};
  EXPECT_EQ(error("TagResource", number), "SerializationException");
  EXPECT_THAT(send("TagResource", number).body, HasSubstr("tags[0].value: found 3, expected a text"));
  EXPECT_EQ(error("TagResource", {{"resourceArn", kMachineArn}}), "ValidationException");
  EXPECT_EQ(error("UntagResource", {{"resourceArn", kMachineArn}, {"tagKeys", json::array{7}}}),
            "SerializationException");
  EXPECT_TRUE(saved.is_null());
}

TEST_F(StepFunctionsTest, WithoutAuthenticationOnlyLoopbackNamesAreAnswered) {
  for (const auto* host : {"127.0.0.1:8083", "localhost", "LOCALHOST:80", "[::1]:8083"}) {
    EXPECT_EQ(send("ListStateMachines", {}, host).status, 200) << host;
  }
  for (const auto* host :
       {"evil.example", "127.0.0.1.evil.example:8083", "[::1].evil.com", "localhost:80@evil", ""}) {
    const auto response = send("ListStateMachines", {}, host);
    EXPECT_EQ(response.status, 403) << host;
    EXPECT_THAT(response.body, HasSubstr("AccessDeniedException"));
  }
}

TEST_F(StepFunctionsTest, WithAKeyPairUnsignedRequestsAreRefused) {
  const Door locked(KeyPair{"A", "S"}, clock_);
  EXPECT_CALL(engine, list_state_machines).Times(0);
  const StepFunctions api(engine, locked);
  const http::Request unsigned_one{
      "POST", "/", {{"Host", "localhost"}, {"X-Amz-Target", "AWSStepFunctions.ListStateMachines"}}, "{}"};
  const auto response = api.handle(unsigned_one);
  EXPECT_EQ(response.status, 403);
  EXPECT_THAT(response.body, HasSubstr("MissingAuthenticationTokenException"));
  const auto refusal = api.refuse(unsigned_one);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->body, response.body);
}

}  // namespace
}  // namespace lamplighter::api
