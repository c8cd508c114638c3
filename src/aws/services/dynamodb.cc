#include "aws/services/dynamodb.h"

#include <set>

#include "aws/client/json_answer.h"
#include "aws/client/pages.h"
#include "json/json.h"

namespace lamplighter::aws {
namespace {

constexpr std::string_view kService = "dynamodb";
constexpr int kMostPages = 1'000;
constexpr std::size_t kMostKept = std::size_t{24} << 20U;

json::object to_json(const DynamoItem& item) {
  json::object out;
  for (const auto& [name, value] : item)
    out[name] = json::object{{value.type == DynamoValue::Type::text ? "S" : "N", value.text}};
  return out;
}

DynamoItem read_item(const json::object& attributes) {
  DynamoItem item;
  for (const auto& [name, value] : attributes) {
    for (const auto& [type, tag] :
         {std::pair{DynamoValue::Type::text, "S"}, {DynamoValue::Type::number, "N"}}) {
      const auto* text = find(value, tag);
      if (text != nullptr && text->is_string())
        item[std::string(name)] = {type, std::string(text->get_string())};
    }
  }
  return item;
}

/// `member` is what the action calls the expression.
void add(json::object& body, std::string_view member, const DynamoExpression& expression) {
  body[member] = expression.text;
  json::object names;
  for (const auto& name : expression.names) names["#" + name] = name;
  body["ExpressionAttributeNames"] = std::move(names);
  if (!expression.values.empty()) body["ExpressionAttributeValues"] = to_json(expression.values);
}

}  // namespace

Result<json::value> DynamoDb::call(std::string_view action, const json::object& body) {
  return parse_answer(action, TRY(caller_.call_json(target_, kService, action, body)));
}

Result<std::optional<DynamoItem>> DynamoDb::get_item(const std::string& table, const DynamoItem& key) {
  const auto answer =
      TRY(call("GetItem", {{"TableName", table}, {"Key", to_json(key)}, {"ConsistentRead", true}}));
  const auto* item = find(answer, "Item");
  if (item == nullptr) return std::nullopt;
  if (!item->is_object()) return invalid_answer("GetItem", "the answer's Item is no object");
  return read_item(item->get_object());
}

Result<bool> DynamoDb::put_item(const std::string& table, const DynamoItem& item,
                                const DynamoExpression& condition) {
  json::object body{{"TableName", table}, {"Item", to_json(item)}};
  add(body, "ConditionExpression", condition);
  const auto answer = call("PutItem", body);
  if (answer) return true;
  if (answer.error().code == "ConditionalCheckFailedException") return false;
  return tl::unexpected(answer.error());
}

Result<std::vector<DynamoItem>> DynamoDb::query(const std::string& table, const DynamoExpression& keys) {
  json::object body{{"TableName", table}, {"ConsistentRead", true}};
  add(body, "KeyConditionExpression", keys);
  std::vector<DynamoItem> found;
  std::set<std::string> starts;
  std::size_t kept = 0;
  for (int page = 0; page < kMostPages && kept < kMostKept; ++page) {
    const auto answer = TRY(call("Query", body));
    const auto* items = find(answer, "Items");
    if (items == nullptr || !items->is_array())
      return invalid_answer("Query", "the answer has no list Items");
    for (const auto& item : items->get_array()) {
      if (!item.is_object()) return invalid_answer("Query", "one of the answer's Items is no object");
      found.push_back(read_item(item.get_object()));
      for (const auto& [name, value] : found.back()) kept += footprint(name) + footprint(value.text);
    }
    const auto* next = find(answer, "LastEvaluatedKey");
    if (next == nullptr || next->is_null()) return found;
    if (!starts.insert(json_text(*next)).second) break;
    body["ExclusiveStartKey"] = *next;
  }
  return invalid_answer("Query", "its pages never come to an end");
}

}  // namespace lamplighter::aws
