#include "run/lambda_tasks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::run {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

/// A runner whose own handler echoes, and whose Lambda answers what `answer` holds.
class LambdaTasksTest : public testing::Test {
 protected:
  engine::TaskResult run(std::string resource, json::value arguments) {
    engine::TaskRequest request;
    request.resource = std::move(resource);
    request.arguments = engine::make_payload(std::move(arguments));
    return run(request);
  }
  engine::TaskResult run(engine::TaskRequest request) {
    request.timeout = timeout;
    request.begun = clock_.steady() - hours(48);
    return tasks_.run(request);
  }

  Result<json::value> own_answer = json::value{{"own", true}};
  Result<aws::Invocation> answer = aws::Invocation{200, "", "7", R"({"a":1})"};
  milliseconds timeout = seconds(60);
  std::string invoked;
  std::string sent;
  milliseconds allowed{0};
  Duration task_begun_ago{0};
  bool told_again = false;

 private:
  ManualClock clock_;
  LambdaTasks tasks_{[this](const json::value& payload, Clock& clock, bool again) {
                       told_again = again;
                       task_begun_ago = clock_.steady() - clock.steady();
                       sent = json_text(payload);
                       return own_answer;
                     },
                     [this](const std::string& function, const std::string& payload, milliseconds given) {
                       invoked = function;
                       sent = payload;
                       allowed = given;
                       return answer;
                     },
                     clock_};
};

constexpr auto kInvoke = "arn:aws:states:::lambda:invoke";
constexpr auto kArn = "arn:aws:lambda:us-east-1:123456789012:function:";

TEST_F(LambdaTasksTest, OurOwnFunctionIsHandledInProcessUnderAllItsNames) {
  for (const std::string name :
       {"lamplighter", "lamplighter:live", "arn:aws:lambda:r:1:function:lamplighter"}) {
    const auto result = run(kInvoke, {{"FunctionName", name}, {"Payload", {{"x", 1}}}});
    ASSERT_TRUE(result);
    EXPECT_EQ((*result)->value.at("Payload").at("own"), true);
    EXPECT_EQ((*result)->value.at("StatusCode"), 200);
    EXPECT_EQ(sent, R"({"x":1})");
  }
  EXPECT_EQ(invoked, "");
}

TEST_F(LambdaTasksTest, OthersAreInvokedAndTheirAnswerHasTheServicesShape) {
  const auto result = run(kInvoke, {{"FunctionName", "other"}, {"Payload", "text"}, {"Qualifier", "7"}});
  ASSERT_TRUE(result);
  EXPECT_EQ(invoked, "other:7");
  EXPECT_EQ(sent, R"("text")");
  EXPECT_EQ((*result)->value.at("ExecutedVersion"), "7");
  EXPECT_EQ((*result)->value.at("Payload"), (json::value{{"a", 1}}));
  EXPECT_EQ((*result)->value.at("SdkHttpMetadata").at("HttpHeaders").at("Content-Length"), "7");
}

TEST_F(LambdaTasksTest, ABareArnTakesTheArgumentsAndGivesThePayload) {
  const auto result = run(std::string(kArn) + "other", {{"in", 2}});
  ASSERT_TRUE(result);
  EXPECT_EQ(invoked, std::string(kArn) + "other");
  EXPECT_EQ(sent, R"({"in":2})");
  EXPECT_EQ((*result)->value, (json::value{{"a", 1}}));
}

TEST_F(LambdaTasksTest, ATextThatIsJsonStaysAText) {
  answer = aws::Invocation{200, "", "1", R"("[1]")"};
  EXPECT_EQ((*run(std::string(kArn) + "other", {}))->text, R"("[1]")");
}

TEST_F(LambdaTasksTest, NumbersKeepTheTextThatTheFunctionGaveThem) {
  answer = aws::Invocation{200, "", "7", R"({"zero": 0.0, "big": [1e2, -0]})"};
  EXPECT_EQ((*run(std::string(kArn) + "other", {}))->text, R"({"zero":0.0,"big":[1e2,-0]})");
  EXPECT_THAT((*run(kInvoke, {{"FunctionName", "other"}}))->text,
              HasSubstr(R"("Payload":{"zero":0.0,"big":[1e2,-0]},)"));
}

TEST_F(LambdaTasksTest, AFunctionGetsNumbersAsTheyWereWritten) {
  engine::TaskRequest request;
  request.resource = std::string(kArn) + "other";
  request.arguments = *engine::read_payload(R"({"share":90.570,"big":123456789012345680000})");
  ASSERT_TRUE(run(request));
  EXPECT_EQ(sent, R"({"share":90.570,"big":123456789012345680000})");
  ASSERT_TRUE(run(kInvoke, {{"FunctionName", "other"}, {"Payload", 90.57}}));
  EXPECT_EQ(sent, "90.57");
}

TEST_F(LambdaTasksTest, AFunctionsErrorKeepsItsTypeAndItsAnswerIsTheCause) {
  answer = aws::Invocation{200, "Unhandled", "$LATEST", R"({"errorType":"Oops","errorMessage":"m"})"};
  const auto result = run(kInvoke, {{"FunctionName", "other"}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().error, "Oops");
  EXPECT_EQ(result.error().cause, R"({"errorType":"Oops","errorMessage":"m"})");
}

TEST_F(LambdaTasksTest, AnErrorWithoutATypeIsUnknown) {
  answer = aws::Invocation{200, "Unhandled", "$LATEST", "killed"};
  const auto result = run(kInvoke, {{"FunctionName", "other"}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().error, "Lambda.Unknown");
  EXPECT_THAT(result.error().cause, HasSubstr("killed"));
}

TEST_F(LambdaTasksTest, OurOwnErrorsLookLikeAFunctions) {
  own_answer = fail(ErrorKind::aws, "UnauthorizedOperation", "not allowed");
  const auto result = run(std::string(kArn) + "lamplighter", {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().error, "UnauthorizedOperation");
  EXPECT_EQ(result.error().cause, R"({"errorMessage":"not allowed","errorType":"UnauthorizedOperation"})");
}

TEST_F(LambdaTasksTest, TheLambdaApisErrorsCarryItsName) {
  answer = fail(ErrorKind::aws, "TooManyRequestsException", "Rate exceeded");
  EXPECT_EQ(run(kInvoke, {{"FunctionName", "other"}}).error().error, "Lambda.TooManyRequestsException");
  answer = fail(ErrorKind::aws, "ConnectionError", "refused");
  EXPECT_EQ(run(kInvoke, {{"FunctionName", "other"}}).error().error, "Lambda.SdkClientException");
}

TEST_F(LambdaTasksTest, OurOwnTasksMeasureDurationsOnTheEnginesLine) {
  ASSERT_TRUE(run(kInvoke, {{"FunctionName", "lamplighter"}}));
  EXPECT_EQ(task_begun_ago, hours(48));
}

TEST_F(LambdaTasksTest, OurOwnTasksAreToldThatTheyMayHaveRunBefore) {
  engine::TaskRequest request;
  request.resource = kInvoke;
  request.arguments = engine::make_payload(json::object{{"FunctionName", "lamplighter"}, {"Payload", {}}});
  ASSERT_TRUE(run(request));
  EXPECT_FALSE(told_again);
  request.again = true;
  ASSERT_TRUE(run(request));
  EXPECT_TRUE(told_again);
}

TEST_F(LambdaTasksTest, AnAnswerThatIsNoUtf8IsMendedAndKept) {
  answer = aws::Invocation{200, "", "7", "{\"a\":\"gr\xFC\xDF\"}"};
  const auto result = run(kInvoke, {{"FunctionName", "other"}});
  ASSERT_TRUE(result);
  EXPECT_EQ((*result)->value.at("Payload").at("a"), "gr\uFFFD\uFFFD");
  EXPECT_TRUE(parse_json((*result)->text)) << "it can be read back";
  answer->payload = "cut inside a letter: \xE2\x82";
  EXPECT_EQ((*run(kArn + std::string("other"), {}))->value, "cut inside a letter: \uFFFD");
}

TEST_F(LambdaTasksTest, AFailureThatIsNoUtf8IsMendedToo) {
  answer = aws::Invocation{200, "Unhandled", "7", "{\"errorType\":\"Oops\",\"errorMessage\":\"\xFF\"}"};
  auto failure = run(kInvoke, {{"FunctionName", "other"}}).error();
  EXPECT_EQ(failure.error, "Oops");
  EXPECT_THAT(failure.cause, HasSubstr("\uFFFD"));
  answer->payload = "killed\xFF";
  failure = run(kInvoke, {{"FunctionName", "other"}}).error();
  EXPECT_EQ(failure.error, "Lambda.Unknown");
  EXPECT_THAT(failure.cause, HasSubstr("killed\uFFFD"));
}

TEST_F(LambdaTasksTest, WaitsNoLongerThanTheTaskMay) {
  ASSERT_TRUE(run(kInvoke, {{"FunctionName", "other"}}));
  EXPECT_EQ(allowed, seconds(60));
  timeout = hours(24);
  ASSERT_TRUE(run(kInvoke, {{"FunctionName", "other"}}));
  EXPECT_EQ(allowed, std::chrono::minutes(15));
}

}  // namespace
}  // namespace lamplighter::run
