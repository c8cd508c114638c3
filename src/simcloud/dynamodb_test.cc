#include <algorithm>

#include <gmock/gmock.h>

#include "http/message.h"
#include "tests/support/test_cloud.h"

namespace lamplighter::simcloud {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A cloud with the table "leases" (keys scope and key), and a client of its DynamoDB.
class DynamoDbTest : public ::testing::Test {
 protected:
  static CloudSpec spec(std::vector<Fault> faults = {}) {
    CloudSpec spec;
    spec.tables = {{"leases", "scope", "key"}};
    spec.faults = std::move(faults);
    return spec;
  }

  /// `body` without its TableName and braces.
  json::value call(std::string_view action, const std::string& body, std::string_view table = "leases") {
    http::OutgoingRequest request;
    request.url = "http://127.0.0.1:4566/";
    request.headers = {{"Authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/us-east-1/dynamodb/aws4_request, "
                        "SignedHeaders=host, Signature=00"},
                       {"X-Amz-Target", fmt::format("DynamoDB_20120810.{}", action)}};
    request.body = fmt::format(R"({{"TableName": "{}"{}{}}})", table, body.empty() ? "" : ", ", body);
    response = cloud->handle(request, Time{std::chrono::seconds(1'800'000'000)});
    return response ? parse_json(response->body).value() : json::value{};
  }
  std::string error(std::string_view action, const std::string& body, std::string_view table = "leases") {
    return get_string(call(action, body, table), "__type");
  }
  json::value put(const std::string& key, const std::string& text, const std::string& more = "") {
    return call(
        "PutItem",
        fmt::format(R"("Item": {{"scope": {{"S": "s"}}, "key": {{"S": "{}"}}, "text": {{"S": "{}"}}}}{})",
                    key, text, more));
  }
  /// The keys of an answer's items.
  static std::vector<std::string> keys(const json::value& answer) {
    std::vector<std::string> found;
    for (const auto& item : answer.at("Items").as_array()) found.push_back(get_string(item.at("key"), "S"));
    return found;
  }

  std::unique_ptr<Cloud> cloud = std::make_unique<Cloud>(spec());
  std::optional<http::Response> response;
};

constexpr const char* kValidation = "com.amazon.coral.validate#ValidationException";
constexpr const char* kNotMet = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
constexpr const char* kNotFound = "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException";

TEST_F(DynamoDbTest, AnItemIsPutAndRead) {
  EXPECT_EQ(json_text(put("a", "first")), "{}");
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(http::header(response->headers, "Content-Type"), "application/x-amz-json-1.0");
  EXPECT_EQ(json_text(call("GetItem",
                           R"("Key": {"scope": {"S": "s"}, "key": {"S": "a"}}, "ConsistentRead": true)")),
            R"({"Item":{"scope":{"S":"s"},"key":{"S":"a"},"text":{"S":"first"}}})");
  EXPECT_EQ(json_text(call("GetItem", R"("Key": {"scope": {"S": "s"}, "key": {"S": "b"}})")), "{}");
}

TEST_F(DynamoDbTest, AConditionDecides) {
  const std::string absent = R"j(, "ConditionExpression": "attribute_not_exists(#k)",
                                  "ExpressionAttributeNames": {"#k": "key"})j";
  const auto is_text = [](const std::string& text) {
    return R"j(, "ConditionExpression": "(attribute_exists(scope) AND (#t = :t))",
              "ExpressionAttributeNames": {"#t": "text"}, "ExpressionAttributeValues": {":t": {"S": ")j" +
           text + "\"}}";
  };
  put("a", "first", is_text("first"));
  EXPECT_EQ(response->status, 400) << "there is none yet";
  put("a", "first", absent);
  EXPECT_EQ(response->status, 200);
  const auto refused = put("a", "second", absent);
  EXPECT_EQ(response->status, 400);
  EXPECT_EQ(get_string(refused, "__type"), kNotMet);
  EXPECT_EQ(get_string(refused, "message"), "The conditional request failed");
  put("a", "second", is_text("other"));
  EXPECT_EQ(response->status, 400);
  put("a", "second", is_text("first"));
  EXPECT_EQ(response->status, 200);
}

TEST_F(DynamoDbTest, APrefixIsQueriedPageAfterPage) {
  for (const char* key : {"b/2", "a/1", "b/1", "b/3", "c"}) put(key, "x");
  const std::string condition = R"j("KeyConditionExpression": "#s = :s AND begins_with(#k, :p)",
      "ExpressionAttributeNames": {"#s": "scope", "#k": "key"},
      "ExpressionAttributeValues": {":s": {"S": "s"}, ":p": {"S": "b/"}}, "Limit": 2)j";
  const auto first = call("Query", condition);
  EXPECT_THAT(keys(first), ElementsAre("b/1", "b/2"));
  const std::string start = json_text(first.at("LastEvaluatedKey"));
  const auto second = call("Query", condition + R"(, "ExclusiveStartKey": )" + start);
  EXPECT_THAT(keys(second), ElementsAre("b/3"));
  EXPECT_FALSE(second.as_object().contains("LastEvaluatedKey"));
  EXPECT_THAT(keys(call("Scan", "")), ElementsAre("a/1", "b/1", "b/2", "b/3", "c"));
}

TEST_F(DynamoDbTest, APageHasAMegabyte) {
  const std::string text(350'000, 'x');
  for (const char* key : {"a", "b", "c", "d"}) put(key, text);
  const auto page = call("Scan", "");
  EXPECT_THAT(keys(page), ElementsAre("a", "b", "c"));
  EXPECT_TRUE(page.as_object().contains("LastEvaluatedKey"));
}

TEST_F(DynamoDbTest, RefusesWhatDynamoDbRefuses) {
  EXPECT_EQ(error("GetItem", R"("Key": {"scope": {"S": "s"}})"), kValidation);
  EXPECT_EQ(error("GetItem", R"("Key": {"id": {"S": "s"}, "key": {"S": "k"}})"), kValidation);
  EXPECT_EQ(error("GetItem", R"("Key": {"scope": {"N": "1"}, "key": {"S": "k"}})"), kValidation);
  EXPECT_EQ(error("GetItem", R"("Key": {"scope": {"S": "s"}, "key": {"S": "k"}})", "others"), kNotFound);
  EXPECT_EQ(error("PutItem", R"("Item": {"scope": {"S": "s"}})"), kValidation);
  EXPECT_EQ(error("PutItem", R"("Item": {"scope": {"S": "s"}, "key": {"S": ""}})"), kValidation);
  EXPECT_EQ(error("PutItem", R"("Item": {"scope": {"S": "s"}, "key": "k"})"), kValidation);
  EXPECT_EQ(error("PutItem", R"("Item": 5)"), kValidation);
  EXPECT_THAT(get_string(put("a", std::string(410'000, 'x')), "message"), HasSubstr("Item size"));
  put("a", std::string(405'000, 'x'));
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(get_string(put(std::string(1025, 'k'), "x"), "__type"), kValidation);
  EXPECT_EQ(error("Query", ""), kValidation);
  EXPECT_EQ(error("Scan", R"("Limit": 0)"), kValidation);
  EXPECT_EQ(error("Scan", R"("ExclusiveStartKey": {"key": {"S": "k"}})"), kValidation);
  EXPECT_THAT(get_string(call("Scan", R"("FilterExpression": "a = :b")"), "message"),
              HasSubstr("FilterExpression"))
      << "rather than an answer that it has no part in";
}

TEST_F(DynamoDbTest, ExpressionsThatAreNoneAreRefused) {
  for (const char* expression :
       {"", "key", "key =", "key = 5", "= :t", ":t = key", "key = :missing", "#missing = :t",
        "key = :t OR a = :t", "begins_with(key)", "begins_with(key, :t", "size(key) = :t",
        "attribute_exists()", "key = :t)", "((key = :t)", "NOT key = :t"}) {
    const auto answer = put(
        "a", "x",
        fmt::format(R"(, "ConditionExpression": "{}", "ExpressionAttributeValues": {{":t": {{"S": "a"}}}})",
                    expression));
    EXPECT_EQ(get_string(answer, "__type"), kValidation) << expression;
  }
  const std::string deep = std::string(10'000, '(');
  EXPECT_EQ(get_string(put("a", "x", fmt::format(R"(, "ConditionExpression": "{}")", deep)), "__type"),
            kValidation);
  EXPECT_THAT(get_string(put("a", "x", R"(, "ExpressionAttributeNames": {"#a": "b"})"), "message"),
              HasSubstr("there is none"));
  EXPECT_THAT(get_string(put("a", "x", R"j(, "ConditionExpression": "attribute_not_exists(key)",
                                            "ExpressionAttributeNames": {"#a": "b"})j"),
                         "message"),
              HasSubstr("#a"));
  EXPECT_THAT(keys(call("Scan", "")), IsEmpty());
}

TEST_F(DynamoDbTest, ATableIsCreatedAndDescribed) {
  const std::string keys = R"("KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
      "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}], "BillingMode": "PAY_PER_REQUEST")";
  EXPECT_EQ(error("DescribeTable", "", "mine"), kNotFound);
  EXPECT_EQ(get_string(call("CreateTable", keys, "mine").at("TableDescription"), "TableStatus"), "ACTIVE");
  EXPECT_EQ(error("CreateTable", keys, "mine"), "com.amazonaws.dynamodb.v20120810#ResourceInUseException");
  EXPECT_EQ(error("CreateTable", keys, "?"), kValidation);
  EXPECT_EQ(error("CreateTable", "", "other"), kValidation);
  const auto described = call("DescribeTable", "", "mine").at("Table");
  EXPECT_EQ(get_string(described, "TableArn"), "arn:aws:dynamodb:us-east-1:123456789012:table/mine");
  EXPECT_EQ(json_text(described.at("KeySchema")), R"([{"AttributeName":"id","KeyType":"HASH"}])");
  call("PutItem", R"("Item": {"id": {"S": "a"}})", "mine");
  EXPECT_EQ(get_int(call("DescribeTable", "", "mine").at("Table"), "ItemCount"), 1);
}

TEST_F(DynamoDbTest, FailsWhereItIsAskedTo) {
  const auto strike = [&](const char* fault) {
    cloud = std::make_unique<Cloud>(spec({a_fault(fault)}));
    return get_string(put("a", "x"), "__type");
  };
  EXPECT_EQ(strike("table-missing:leases"), kNotFound);
  EXPECT_EQ(strike("table-denied:leases"), "com.amazon.coral.service#AccessDeniedException");
  EXPECT_EQ(strike("table-throttled:leases"),
            "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException");
  EXPECT_EQ(strike("throttle:1"), "com.amazonaws.dynamodb.v20120810#ThrottlingException");
  EXPECT_EQ(strike("error:1"), "com.amazonaws.dynamodb.v20120810#InternalServerError");
  EXPECT_EQ(response->status, 500);
  EXPECT_EQ(strike("table-throttled:others"), "");
  strike("table-unanswered:leases*1");
  EXPECT_FALSE(response) << "the connection is reset";
  EXPECT_THAT(keys(call("Scan", "")), ElementsAre("a")) << "after the item was put";
}

TEST_F(DynamoDbTest, KeepsNoMoreThanFits) {
  const std::string text(400'000, 'x');
  int kept = 0;
  while (kept < 200 && get_string(put(fmt::format("k{}", kept), text), "__type").empty()) ++kept;
  EXPECT_LT(kept, 200);
  EXPECT_GT(kept, 100);
}

}  // namespace
}  // namespace lamplighter::simcloud
