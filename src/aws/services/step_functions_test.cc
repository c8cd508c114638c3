#include "aws/services/step_functions.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace lamplighter::aws {
namespace {

/// Answers by a script and keeps what was asked last.
class FakeCaller final : public Caller {
 public:
  Result<std::string> call(const Target&, std::string_view, std::string_view, const Parameters&) override {
    return fail(ErrorKind::internal, "UnknownService", "it speaks JSON only");
  }
  Result<std::string> call_json(const Target& target, std::string_view service, std::string_view action,
                                const json::object& body) override {
    asked = fmt::format("{} {}:{} {}", target.region, service, action, json_text(body));
    return answer;
  }
  [[nodiscard]] CallCounts counts() const override { return {}; }

  std::string asked;
  std::string answer = "{}";
};

class StepFunctionsClient : public testing::Test {
 protected:
  FakeCaller caller_;
  StepFunctions states_{caller_, {"eu-west-1", ""}};
};

TEST_F(StepFunctionsClient, ListsExecutionsPageByPage) {
  caller_.answer = R"({"executions":[{"executionArn":"a","stateMachineArn":"m","name":"n","status":"FAILED",
    "startDate":1795500000.25,"stopDate":1795500001,"cause":"why","startedBy":{"user":"alice"}}],"nextToken":"t"})";
  const auto page = states_.list("m", "FAILED", 10, "before");
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(
      caller_.asked,
      R"(eu-west-1 sfn:ListExecutions {"maxResults":10,"nextToken":"before","stateMachineArn":"m","statusFilter":"FAILED"})");
  ASSERT_EQ(page->items.size(), 1U);
  const auto& found = page->items.front();
  EXPECT_EQ(format_time(found.started), "2026-11-24T06:00:00.250Z");
  EXPECT_EQ(format_time(found.ended.value()), "2026-11-24T06:00:01.000Z");
  EXPECT_EQ(found.cause, "why");
  EXPECT_EQ(found.started_by.at("user"), "alice");
  EXPECT_EQ(page->next, "t");
}

TEST_F(StepFunctionsClient, StartsAndStops) {
  caller_.answer = R"({"executionArn":"a","startDate":1})";
  EXPECT_EQ(states_.start("m", "n", R"({"x":1})").value(), "a");
  EXPECT_EQ(caller_.asked,
            R"(eu-west-1 sfn:StartExecution {"stateMachineArn":"m","input":"{\"x\":1}","name":"n"})");
  caller_.answer = R"({"stopDate":1795500001})";
  EXPECT_EQ(format_time(states_.stop("a", "Cancelled", "by alice").value()), "2026-11-24T06:00:01.000Z");
}

TEST_F(StepFunctionsClient, ReadsAHistoryFromItsEnd) {
  caller_.answer = R"({"events":[{"id":2},{"id":1}]})";
  const auto page = states_.history("a", 2, true, "");
  ASSERT_TRUE(page);
  EXPECT_EQ(caller_.asked,
            R"(eu-west-1 sfn:GetExecutionHistory {"maxResults":2,"executionArn":"a","reverseOrder":true})");
  EXPECT_EQ(page->items.size(), 2U);
  EXPECT_EQ(page->next, "");
}

TEST_F(StepFunctionsClient, AnAnswerThatIsNoneIsAnError) {
  for (const auto* answer : {"", "[]", "{}", R"({"executions":{}})", R"({"executionArn":7})"}) {
    caller_.answer = answer;
    EXPECT_EQ(states_.list("m", "", 1, "").error().code, "InvalidResponse") << answer;
    EXPECT_EQ(states_.start("m", "", "{}").error().code, "InvalidResponse") << answer;
    EXPECT_EQ(states_.history("m", 1, false, "").error().code, "InvalidResponse") << answer;
  }
  caller_.answer = R"({"stopDate":1e300})";
  EXPECT_EQ(states_.stop("a", "", "").error().code, "InvalidResponse");
}

}  // namespace
}  // namespace lamplighter::aws
