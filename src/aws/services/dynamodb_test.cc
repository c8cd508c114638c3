#include "aws/services/dynamodb.h"

#include <deque>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/client/error_codes.h"
#include "aws/client/retry.h"
#include "json/json.h"

namespace lamplighter::aws {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Type = DynamoValue::Type;

/// Answers by a script and keeps what was asked.
struct ScriptedCaller final : Caller {
  std::vector<std::string> calls;
  std::deque<Result<std::string>> answers;
  Result<std::string> call(const Target&, std::string_view, std::string_view, const Parameters&) override {
    return fail(ErrorKind::internal, "Unexpected", "");
  }
  Result<std::string> call_json(const Target&, std::string_view service, std::string_view action,
                                const json::object& body) override {
    calls.push_back(fmt::format("{}:{} {}", service, action, json_text(body)));
    auto answer = answers.front();
    answers.pop_front();
    return answer;
  }
  [[nodiscard]] CallCounts counts() const override { return {}; }
};

const DynamoItem item{{"key", {Type::text, "a"}}, {"version", {Type::number, "7"}}};

TEST(DynamoDb, ReadsConsistentlyWhatIsThere) {
  ScriptedCaller caller;
  caller.answers = {
      R"({"Item": {"key": {"S": "a"}, "version": {"N": "7"}, "other": {"M": {"key": {"S": "b"}}}}})", "{}"};
  EXPECT_EQ(DynamoDb(caller, {}).get_item("T", {{"key", {Type::text, "a"}}}).value(), item);
  EXPECT_EQ(DynamoDb(caller, {}).get_item("T", {{"key", {Type::text, "b"}}}).value(), std::nullopt);
  EXPECT_EQ(caller.calls[0],
            R"(dynamodb:GetItem {"TableName":"T","Key":{"key":{"S":"a"}},"ConsistentRead":true})");
}

TEST(DynamoDb, AConditionThatIsNotMetIsAnAnswer) {
  ScriptedCaller caller;
  caller.answers = {"{}", fail(ErrorKind::aws, "ConditionalCheckFailedException", ""),
                    fail(ErrorKind::aws, "ProvisionedThroughputExceededException", "")};
  DynamoDb dynamodb(caller, {});
  const DynamoExpression condition{"#version = :seen", {"version"}, {{":seen", {Type::number, "6"}}}};
  EXPECT_TRUE(dynamodb.put_item("T", item, condition).value());
  EXPECT_FALSE(dynamodb.put_item("T", item, condition).value());
  EXPECT_EQ(dynamodb.put_item("T", item, condition).error().code, "ProvisionedThroughputExceededException");
  EXPECT_EQ(caller.calls[0],
            R"(dynamodb:PutItem {"TableName":"T","Item":{"key":{"S":"a"},"version":{"N":"7"}},)"
            R"("ConditionExpression":"#version = :seen","ExpressionAttributeNames":{"#version":"version"},)"
            R"("ExpressionAttributeValues":{":seen":{"N":"6"}}})");
}

TEST(DynamoDb, QueriesPageAfterPage) {
  ScriptedCaller caller;
  caller.answers = {R"({"Items": [{"key": {"S": "a"}}], "LastEvaluatedKey": {"key": {"S": "a"}}})",
                    R"({"Items": [{"key": {"S": "b"}}]})"};
  const auto found = DynamoDb(caller, {}).query("T", {"#key > :from", {"key"}, {{":from", {}}}}).value();
  EXPECT_THAT(found,
              ElementsAre(DynamoItem{{"key", {Type::text, "a"}}}, DynamoItem{{"key", {Type::text, "b"}}}));
  EXPECT_THAT(caller.calls[0], HasSubstr(R"("ConsistentRead":true)"));
  EXPECT_THAT(caller.calls[1], HasSubstr(R"("ExclusiveStartKey":{"key":{"S":"a"}})"));
}

TEST(DynamoDb, AnswersThatAreNoneAreErrors) {
  for (const char* answer : {"", "[]", "{", R"({"Items": {}})", R"({"Items": [5]})"}) {
    ScriptedCaller caller;
    caller.answers = {answer};
    EXPECT_EQ(DynamoDb(caller, {}).query("T", {}).error().code, "InvalidResponse") << answer;
  }
  ScriptedCaller caller;
  caller.answers = {R"({"Item": "x"})"};
  EXPECT_EQ(DynamoDb(caller, {}).get_item("T", {}).error().code, "InvalidResponse");
}

TEST(DynamoDb, PagesThatLeadInACircleOrFillTheMemoryAreAnError) {
  ScriptedCaller caller;
  caller.answers.assign(3, R"({"Items": [], "LastEvaluatedKey": {"key": {"S": "a"}}})");
  EXPECT_EQ(DynamoDb(caller, {}).query("T", {}).error().code, "InvalidResponse");
  caller.answers.clear();
  for (int page = 0; page < 60; ++page)
    caller.answers.push_back(fmt::format(
        R"({{"Items": [{{"text": {{"S": "{}"}}}}], "LastEvaluatedKey": {{"key": {{"S": "{}"}}}}}})",
        std::string(1'000'000, 'x'), page));
  EXPECT_EQ(DynamoDb(caller, {}).query("T", {}).error().code, "InvalidResponse");
  EXPECT_GT(caller.answers.size(), 10U);
}

TEST(DynamoDb, WhatPassesIsTriedAgainAndTheRestIsNot) {
  const auto again = [](std::string code, int status) {
    return is_retryable({{ErrorKind::aws, std::move(code), ""}, status});
  };
  for (const char* code : {"ProvisionedThroughputExceededException", "ThrottlingException",
                           "RequestLimitExceeded", "TransactionConflictException"})
    EXPECT_TRUE(again(code, 400)) << code;
  EXPECT_TRUE(again("InternalServerError", 500));
  for (const char* code : {"ConditionalCheckFailedException", "ResourceNotFoundException",
                           "AccessDeniedException", "ValidationException"})
    EXPECT_FALSE(again(code, 400)) << code;
}

}  // namespace
}  // namespace lamplighter::aws
