// The runtime's loop against a scripted Runtime API.
#include <sstream>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/json.h"
#include "lambda_runtime/invocation_transport.h"
#include "lambda_runtime/log.h"
#include "lambda_runtime/loop.h"
#include "tests/support/fake_aws.h"

namespace lamplighter::lambda_runtime {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class LoopTest : public ::testing::Test {
 protected:
  void add_event(const std::string& id, const std::string& event) {
    transport_.answer(200, event,
                      {{"Lambda-Runtime-Aws-Request-Id", id},
                       {"Lambda-Runtime-Deadline-Ms", "1700000000000"},
                       {"Lambda-Runtime-Invoked-Function-Arn", "arn:f"},
                       {"Lambda-Runtime-Trace-Id", "Root=1"}});
    transport_.answer(202, "");
  }

  aws::FakeTransport transport_;
  RuntimeApi api_{transport_, "127.0.0.1:9001"};
};

TEST_F(LoopTest, AnswersEventAfterEventUntilTheApiIsGone) {
  add_event("a", "1");
  add_event("b", "2");
  transport_.lose();
  std::vector<std::string> seen;
  const auto end = serve(api_, [&](const Invocation& invocation) -> Result<std::string> {
    EXPECT_EQ(invocation.function_arn, "arn:f");
    EXPECT_EQ(invocation.trace_id, "Root=1");
    EXPECT_EQ(invocation.deadline, Time(Duration(1'700'000'000'000)));
    seen.push_back(invocation.event);
    return "\"" + invocation.event + "!\"";
  });
  EXPECT_EQ(end.code, "ConnectionError");
  EXPECT_THAT(seen, ElementsAre("1", "2"));
  ASSERT_THAT(transport_.requests, SizeIs(5));
  EXPECT_EQ(transport_.requests[0].url, "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next");
  EXPECT_EQ(transport_.requests[0].timeout.count(), 0);
  EXPECT_EQ(transport_.requests[3].url, "http://127.0.0.1:9001/2018-06-01/runtime/invocation/b/response");
  EXPECT_EQ(transport_.requests[3].body, "\"2!\"");
}

TEST_F(LoopTest, ErrorsAndExceptionsAreAnswersInTheApisForm) {
  for (const char* id : {"a", "b", "c"}) add_event(id, id);
  transport_.lose();
  serve(api_, [&](const Invocation& invocation) -> Result<std::string> {
    if (invocation.event == "a") return fail(ErrorKind::aws, "UnauthorizedOperation", "you may not");
    if (invocation.event == "b") throw std::runtime_error("oh");
    return std::string(kMaxAnswer + 1, 'x');
  });
  ASSERT_THAT(transport_.requests, SizeIs(7));
  const auto& refused = transport_.requests[1];
  EXPECT_THAT(refused.url, EndsWith("/invocation/a/error"));
  EXPECT_EQ(refused.body,
            R"({"errorMessage":"you may not","errorType":"UnauthorizedOperation","stackTrace":[]})");
  EXPECT_EQ(http::header(refused.headers, "lambda-runtime-function-error-type"), "UnauthorizedOperation");
  EXPECT_THAT(transport_.requests[3].body, HasSubstr(R"("errorType":"InternalError")"));
  EXPECT_THAT(transport_.requests[5].url, EndsWith("/invocation/c/error"));
  EXPECT_THAT(transport_.requests[5].body, HasSubstr("Function.ResponseSizeTooLarge"));
}

TEST_F(LoopTest, InitErrorsAndRefusalsByTheApi) {
  transport_.answer(202, "");
  EXPECT_TRUE(api_.report_init({ErrorKind::bad_input, "InvalidFleet", "line 1"}));
  EXPECT_THAT(transport_.requests[0].url, EndsWith("/runtime/init/error"));
  transport_.answer(403, "");
  EXPECT_EQ(api_.report_init({}).error().code, "RuntimeApi");
  transport_.answer(200, "event without headers");
  EXPECT_EQ(api_.next().error().code, "RuntimeApi");
}

TEST(InvocationTransport, LeavesASecondToAnswer) {
  aws::FakeTransport inner;
  inner.otherwise = [](const auto&) { return http::Response{200, {}, ""}; };
  ManualClock clock(Time(std::chrono::seconds(100)));
  InvocationTransport transport(inner, clock);
  Invocation invocation;
  invocation.deadline = Time(std::chrono::seconds(111));
  transport.begin(invocation);
  EXPECT_TRUE(transport.send({}));
  EXPECT_EQ(inner.requests.back().timeout, std::chrono::seconds(10));
  clock.sleep(std::chrono::seconds(10));
  EXPECT_EQ(transport.send({}).error().code, "DeadlineReached");
  EXPECT_THAT(inner.requests, SizeIs(1));
}

/// Refuses StartInstances and allows all else.
struct PickyCaller final : aws::Caller {
  Result<std::string> call(const aws::Target&, std::string_view, std::string_view action,
                           const aws::Parameters&) override {
    if (action == "StartInstances") return fail(ErrorKind::aws, "UnauthorizedOperation", "you may not");
    return "<ok/>";
  }
  [[nodiscard]] aws::CallCounts counts() const override { return {}; }
};

TEST(Log, HoldsWhatAwsSaysAsText) {
  std::ostringstream out;
  ManualClock clock;
  Log log(out, clock);
  log.error("no\x1b[2J\n\u202E\u009B", {});
  EXPECT_NE(out.str().find(R"("message":"no\u001b[2J\n\u202e\u009b")"), std::string::npos) << out.str();
}

TEST(Log, ACallsTimeIsWhatElapsedThoughTheClockIsSetMeanwhile) {
  struct SlowCaller final : aws::Caller {
    explicit SlowCaller(ManualClock& given) : clock(given) {}
    Result<std::string> call(const aws::Target&, std::string_view, std::string_view,
                             const aws::Parameters&) override {
      clock.sleep(std::chrono::milliseconds(70));
      clock.set_wall_by(std::chrono::hours(-1));
      return "<ok/>";
    }
    [[nodiscard]] aws::CallCounts counts() const override { return {}; }
    ManualClock& clock;
  };
  std::ostringstream out;
  ManualClock clock(*parse_time("2026-11-24T06:00:00Z"));
  Log log(out, clock);
  SlowCaller slow(clock);
  LoggedCaller caller(slow, log, clock);
  EXPECT_TRUE(caller.call({"eu-west-1", ""}, "ec2", "DescribeInstances", {}));
  EXPECT_THAT(out.str(), HasSubstr(R"("timestamp":"2026-11-24T05:00:00.070Z")"));
  EXPECT_THAT(out.str(), HasSubstr(R"("milliseconds":70,)"));
}

TEST(Log, OneLineOfJsonACallWithTheExecution) {
  std::ostringstream out;
  ManualClock clock(*parse_time("2026-11-24T06:00:00Z"));
  Log log(out, clock);
  Invocation invocation;
  invocation.request_id = "r-1";
  invocation.trace_id = "Root=1";
  log.begin(invocation, "arn:execution");
  PickyCaller picky;
  LoggedCaller caller(picky, log, clock);
  EXPECT_FALSE(caller.call({"eu-west-1", "arn:role"}, "ec2", "StartInstances", {{"InstanceId.1", "i-1"}}));
  EXPECT_TRUE(
      caller.call({"eu-west-1", ""}, "sns", "Publish", {{"TopicArn", "arn:t"}, {"Message", "long\ntext"}}));
  std::istringstream lines(out.str());
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(
      line,
      R"({"timestamp":"2026-11-24T06:00:00.000Z","level":"ERROR","message":"you may not","requestId":"r-1","trace":"Root=1",)"
      R"("execution":"arn:execution","call":"ec2:StartInstances","region":"eu-west-1","milliseconds":0,)"
      R"("result":"UnauthorizedOperation","role":"arn:role","resources":["i-1"]})");
  std::getline(lines, line);
  EXPECT_THAT(line, HasSubstr(R"("resources":["arn:t"])"));
  EXPECT_THAT(line, Not(HasSubstr("long")));
  EXPECT_FALSE(std::getline(lines, line));
  std::ignore =
      caller.call_json({"eu-west-1", ""}, "resource_groups_tagging_api", "UntagResources",
                       {{"ResourceARNList", json::array{"arn:a", "arn:b"}}, {"TagKeys", json::array{"k"}}});
  EXPECT_THAT(out.str(), HasSubstr(R"("resources":["arn:a","arn:b"])"));
}

}  // namespace
}  // namespace lamplighter::lambda_runtime
