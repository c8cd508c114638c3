#include "simcloud/dynamodb.h"

#include <algorithm>
#include <initializer_list>
#include <numeric>

#include <fmt/format.h>

#include "base/arn.h"
#include "json/reader.h"
#include "simcloud/dynamodb_expression.h"

namespace lamplighter::simcloud {
namespace {

constexpr std::size_t kMostTables = 100;
constexpr std::size_t kLargestItem = std::size_t{400} << 10U;
constexpr std::size_t kLargestPage = std::size_t{1} << 20U;
constexpr std::size_t kLongestPartitionKey = 2048;
constexpr std::size_t kLongestSortKey = 1024;
constexpr std::size_t kMostBytes = std::size_t{64} << 20U;  // of all tables together
constexpr std::string_view kStart = "ExclusiveStartKey";

using Keys = SimulatedTable::Keys;
template <class T>
using Found = tl::expected<T, ApiError>;

tl::unexpected<ApiError> invalid(std::string message) {
  return refuse("ValidationException", std::move(message));
}

/// What isn't known here must not be passed over in silence: the answer would be another than AWS's.
std::optional<ApiError> check_members(const json::object& body,
                                      std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : body) {
    if (std::find(known.begin(), known.end(), std::string_view(name)) == known.end())
      return ApiError{400, "ValidationException",
                      fmt::format("the simulated DynamoDB doesn't know {} here", std::string_view(name))};
  }
  return std::nullopt;
}

std::string table_name(const Call& call) { return get_string(call.body, "TableName"); }

/// The table of a call that reads or writes items.
Found<SimulatedTable*> table_of(World& world, const Call& call) {
  const std::string name = table_name(call);
  if (world.faults.strikes(FaultKind::table_denied, name)) {
    return refuse(
        "AccessDeniedException",
        fmt::format("User: {} is not authorized to perform: dynamodb:{} on resource: {} because no "
                    "identity-based policy allows the dynamodb:{} action",
                    arn_in(call.region, "iam", world.account, "user/simulated").text(), call.action,
                    arn_in(call.region, "dynamodb", world.account, "table/" + name).text(), call.action));
  }
  SimulatedTable* table = world.table(call.region, name);
  if (table == nullptr) return refuse("ResourceNotFoundException", "Requested resource not found");
  if (world.faults.strikes(FaultKind::table_throttled, name)) {
    return refuse("ProvisionedThroughputExceededException",
                  "The level of configured provisioned throughput for the table was exceeded. Consider "
                  "increasing your provisioning level with the UpdateTable API.");
  }
  return table;
}

/// A key attribute's text.
Found<std::string> key_text(const json::object& item, const std::string& name, std::size_t longest) {
  const auto* attribute = item.if_contains(name);
  if (attribute == nullptr)
    return invalid(
        fmt::format("One or more parameter values were invalid: Missing the key {} in the item", name));
  const auto* text = find(*attribute, "S");
  if (text == nullptr || !text->is_string()) {
    return invalid(
        fmt::format("One or more parameter values were invalid: Type mismatch for key {} expected: S", name));
  }
  const std::string value(text->get_string());
  if (value.empty()) {
    return invalid(
        fmt::format("One or more parameter values are not valid. The AttributeValue for a key "
                    "attribute cannot contain an empty string value. Key: {}",
                    name));
  }
  if (value.size() > longest)
    return invalid(fmt::format(
        "One or more parameter values were invalid: the key {} is longer than {} bytes", name, longest));
  return value;
}

Found<Keys> keys_in(const SimulatedTable& table, const json::object& item) {
  auto partition = key_text(item, table.partition_key, kLongestPartitionKey);
  if (!partition) return tl::unexpected(partition.error());
  if (table.sort_key.empty()) return Keys{*partition, ""};
  auto sort = key_text(item, table.sort_key, kLongestSortKey);
  if (!sort) return tl::unexpected(sort.error());
  return Keys{*partition, *sort};
}

/// The keys that a call's `member` gives, and nothing but them.
Found<Keys> keys_given(const SimulatedTable& table, const json::object& body, std::string_view member) {
  const auto* given = body.if_contains(member);
  const std::size_t count = table.sort_key.empty() ? 1 : 2;
  const auto* item = given == nullptr ? nullptr : given->if_object();
  if (item == nullptr || item->size() != count || !item->contains(table.partition_key) ||
      (count == 2 && !item->contains(table.sort_key))) {
    return invalid("The provided key element does not match the schema");
  }
  return keys_in(table, *item);
}

json::object keys_object(const SimulatedTable& table, const Keys& keys) {
  json::object out{{table.partition_key, {{"S", keys.first}}}};
  if (!table.sort_key.empty()) out[table.sort_key] = {{"S", keys.second}};
  return out;
}

/// About as DynamoDB counts: names and values, without what is around them.
std::size_t size_of(const json::object& item) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : item) {
    const auto* text = find(value, "S");
    bytes += name.size() +
             (text != nullptr && text->is_string() ? text->get_string().size() : json_text(value).size());
  }
  return bytes;
}

std::size_t bytes_kept(const World& world) {
  return std::accumulate(world.tables.begin(), world.tables.end(), std::size_t{0},
                         [](std::size_t sum, const auto& entry) { return sum + entry.second.bytes; });
}

/// An attribute's value is an object with one member, its type.
bool is_item(const json::object& item) {
  return std::all_of(item.begin(), item.end(), [](const auto& attribute) {
    const auto* value = attribute.value().if_object();
    return value != nullptr && value->size() == 1;
  });
}

Answer get_item(World& world, const Call& call) {
  if (const auto refused =
          check_members(call.body, {"TableName", "Key", "ConsistentRead", "ReturnConsumedCapacity"}))
    return tl::unexpected(*refused);
  const auto table = table_of(world, call);
  if (!table) return tl::unexpected(table.error());
  const auto keys = keys_given(**table, call.body, "Key");
  if (!keys) return tl::unexpected(keys.error());
  const auto item = (*table)->items.find(*keys);
  if (item == (*table)->items.end()) return json::object{};
  return json::object{{"Item", item->second}};
}

/// The place of the item that the call puts, where all is well but the condition.
Answer put(World& world, SimulatedTable& table, const json::object& item, const std::vector<Term>& terms) {
  const auto keys = keys_in(table, item);
  if (!keys) return tl::unexpected(keys.error());
  const std::size_t bytes = size_of(item);
  if (bytes > kLargestItem) return invalid("Item size has exceeded the maximum allowed size");
  const auto there = table.items.find(*keys);
  const bool is_there = there != table.items.end();
  if (!holds(terms, is_there ? there->second : json::object{}))
    return refuse("ConditionalCheckFailedException", "The conditional request failed");
  if (bytes_kept(world) + bytes > kMostBytes)
    return refuse("LimitExceededException", "The simulated DynamoDB keeps 64 MiB of items.");
  table.bytes += bytes - (is_there ? size_of(there->second) : 0);
  table.items[*keys] = item;
  return json::object{};
}

Answer put_item(World& world, const Call& call) {
  if (const auto refused =
          check_members(call.body, {"TableName", "Item", "ConditionExpression", "ExpressionAttributeNames",
                                    "ExpressionAttributeValues", "ReturnConsumedCapacity"}))
    return tl::unexpected(*refused);
  const auto table = table_of(world, call);
  if (!table) return tl::unexpected(table.error());
  const auto terms = read_expression("ConditionExpression", call.body);
  if (!terms) return tl::unexpected(terms.error());
  const auto* item = call.body.if_contains("Item");
  if (item == nullptr || !item->is_object() || !is_item(item->get_object()))
    return invalid("Item has attributes by name, each {type: value}");
  return put(world, **table, item->get_object(), *terms);
}

/// The items that meet the terms, from the call's ExclusiveStartKey on, by key, a page of them.
Answer page_of(const SimulatedTable& table, const json::object& body, const std::vector<Term>& terms) {
  auto item = table.items.begin();
  if (body.contains(kStart)) {
    const auto start = keys_given(table, body, kStart);
    if (!start) return tl::unexpected(start.error());
    item = table.items.upper_bound(*start);
  }
  const std::int64_t limit = get_int(body, "Limit", std::int64_t{1} << 40U);
  if (limit < 1) return invalid("Limit is a number from 1");
  json::array found;
  std::size_t bytes = 0;
  json::object answer;
  for (; item != table.items.end(); ++item) {
    if (!holds(terms, item->second)) continue;
    found.push_back(item->second);
    bytes += size_of(item->second);
    if (static_cast<std::int64_t>(found.size()) < limit && bytes < kLargestPage) continue;
    answer["LastEvaluatedKey"] = keys_object(table, item->first);
    break;
  }
  answer["Count"] = found.size();
  answer["ScannedCount"] = found.size();
  answer["Items"] = std::move(found);
  return answer;
}

/// One partition, and of its sort keys one, those with a prefix, or all.
bool is_key_condition(const SimulatedTable& table, const std::vector<Term>& terms) {
  const auto count = [&](const std::string& name, Term::Kind kind) {
    return std::count_if(terms.begin(), terms.end(),
                         [&](const Term& term) { return term.name == name && term.kind == kind; });
  };
  const auto sorted = table.sort_key.empty() ? 0
                                             : count(table.sort_key, Term::Kind::equals) +
                                                   count(table.sort_key, Term::Kind::begins_with);
  return count(table.partition_key, Term::Kind::equals) == 1 && sorted <= 1 &&
         terms.size() == 1 + static_cast<std::size_t>(sorted);
}

Answer query(World& world, const Call& call) {
  if (const auto refused =
          check_members(call.body, {"TableName", "KeyConditionExpression", "ExpressionAttributeNames",
                                    "ExpressionAttributeValues", "ConsistentRead", "Limit",
                                    "ExclusiveStartKey", "ReturnConsumedCapacity"}))
    return tl::unexpected(*refused);
  const auto table = table_of(world, call);
  if (!table) return tl::unexpected(table.error());
  const auto terms = read_expression("KeyConditionExpression", call.body);
  if (!terms) return tl::unexpected(terms.error());
  if (!is_key_condition(**table, *terms)) return invalid("Query key condition not supported");
  return page_of(**table, call.body, *terms);
}

Answer scan(World& world, const Call& call) {
  if (const auto refused = check_members(
          call.body, {"TableName", "ConsistentRead", "Limit", "ExclusiveStartKey", "ReturnConsumedCapacity"}))
    return tl::unexpected(*refused);
  const auto table = table_of(world, call);
  if (!table) return tl::unexpected(table.error());
  return page_of(**table, call.body, {});
}

json::object description_of(const SimulatedTable& table) {
  json::array schema{{{"AttributeName", table.partition_key}, {"KeyType", "HASH"}}};
  json::array attributes{{{"AttributeName", table.partition_key}, {"AttributeType", "S"}}};
  if (!table.sort_key.empty()) {
    schema.push_back({{"AttributeName", table.sort_key}, {"KeyType", "RANGE"}});
    attributes.push_back({{"AttributeName", table.sort_key}, {"AttributeType", "S"}});
  }
  return {{"TableName", table.name},
          {"TableArn", table.arn},
          {"TableStatus", "ACTIVE"},
          {"CreationDateTime", std::chrono::duration<double>(table.created.time_since_epoch()).count()},
          {"KeySchema", std::move(schema)},
          {"AttributeDefinitions", std::move(attributes)},
          {"BillingModeSummary", {{"BillingMode", "PAY_PER_REQUEST"}}},
          {"ItemCount", table.items.size()},
          {"TableSizeBytes", table.bytes}};
}

Answer describe_table(World& world, const Call& call) {
  const SimulatedTable* table = world.table(call.region, table_name(call));
  if (table != nullptr) return json::object{{"Table", description_of(*table)}};
  return refuse("ResourceNotFoundException",
                fmt::format("Requested resource not found: Table: {} not found", table_name(call)));
}

bool is_table_name(std::string_view name) {
  return name.size() >= 3 && name.size() <= 255 && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  std::string_view("_.-").find(c) != std::string_view::npos;
         });
}

/// The key of that type; "" where KeySchema has none, or it is no text.
std::string key_name(const json::object& body, std::string_view type) {
  std::string name;
  const auto read = [&](std::string_view list, auto visit) {
    const auto* entries = body.if_contains(list);
    if (entries == nullptr || !entries->is_array()) return;
    for (const json::value& entry : entries->get_array()) visit(entry);
  };
  read("KeySchema", [&](const json::value& entry) {
    if (get_string(entry, "KeyType") == type) name = get_string(entry, "AttributeName");
  });
  bool is_text = false;
  read("AttributeDefinitions", [&](const json::value& entry) {
    is_text |= get_string(entry, "AttributeName") == name && get_string(entry, "AttributeType") == "S";
  });
  return is_text ? name : "";
}

Answer create_table(World& world, const Call& call) {
  if (const auto refused =
          check_members(call.body, {"TableName", "AttributeDefinitions", "KeySchema", "BillingMode",
                                    "ProvisionedThroughput", "Tags", "SSESpecification", "TableClass",
                                    "DeletionProtectionEnabled"}))
    return tl::unexpected(*refused);
  const std::string name = table_name(call);
  const auto* schema = call.body.if_contains("KeySchema");
  const std::size_t keys = schema != nullptr && schema->is_array() ? schema->get_array().size() : 0;
  const std::string partition = key_name(call.body, "HASH");
  const std::string sort = key_name(call.body, "RANGE");
  if (!is_table_name(name) || partition.empty() || keys != (sort.empty() ? 1U : 2U)) {
    return invalid(
        "expected a TableName of 3 to 255 characters, and in KeySchema one HASH key and at most one "
        "RANGE key, which AttributeDefinitions has as S");
  }
  if (world.table(call.region, name) != nullptr)
    return refuse("ResourceInUseException", fmt::format("Table already exists: {}", name));
  if (world.tables.size() >= kMostTables)
    return refuse("LimitExceededException", "The simulated DynamoDB has 100 tables.");
  return json::object{
      {"TableDescription", description_of(world.add_table(call.region, {name, partition, sort}))}};
}

const std::map<std::string_view, Answer (*)(World&, const Call&)>& actions() {
  static const std::map<std::string_view, Answer (*)(World&, const Call&)> table{
      {"GetItem", get_item},
      {"PutItem", put_item},
      {"Query", query},
      {"Scan", scan},
      {"DescribeTable", describe_table},
      {"CreateTable", create_table}};
  return table;
}

}  // namespace

std::optional<FaultKind> broken_put(World& world, const Call& call) {
  const bool strikes = call.service == "dynamodb" && call.action == "PutItem" &&
                       world.faults.strikes(FaultKind::table_unanswered, table_name(call));
  return strikes ? std::optional(FaultKind::table_unanswered) : std::nullopt;
}

bool has_dynamodb_action(std::string_view action) { return actions().contains(action); }

Answer answer_dynamodb(World& world, const Call& call) { return actions().at(call.action)(world, call); }

}  // namespace lamplighter::simcloud
