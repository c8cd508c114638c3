#include "coordination/dynamodb_table.h"

#include <charconv>

#include <fmt/format.h>

namespace lamplighter::coordination {
namespace {

using aws::DynamoItem;
using aws::DynamoValue;

constexpr std::string_view kVersion = "version";
constexpr std::string_view kText = "text";

DynamoValue text_value(std::string text) { return {DynamoValue::Type::text, std::move(text)}; }
DynamoValue number_value(std::uint64_t number) {
  return {DynamoValue::Type::number, fmt::format("{}", number)};
}

/// A key's first two parts, without the slash after them; the key itself where it has no more.
std::string scope_of(const std::string& key) {
  const auto first = key.find('/');
  return first == std::string::npos ? key : key.substr(0, key.find('/', first + 1));
}

DynamoItem keys_of(const std::string& key) {
  return {{std::string(kPartitionKey), text_value(scope_of(key))}, {std::string(kSortKey), text_value(key)}};
}

std::string text_of(const DynamoItem& item, std::string_view name) {
  const auto found = item.find(std::string(name));
  return found == item.end() ? "" : found->second.text;
}

Result<Item> read_item(const DynamoItem& item) {
  const std::string digits = text_of(item, kVersion);
  std::uint64_t version = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), version);
  if (error != std::errc{} || end != digits.data() + digits.size() || version == 0) {
    return fail(ErrorKind::internal, "InvalidItem",
                fmt::format("the item {} has the version \"{}\", expected a whole number from 1",
                            text_of(item, kSortKey), digits));
  }
  return Item{version, text_of(item, kText)};
}

aws::DynamoExpression still(std::uint64_t seen) {
  const std::string version(kVersion);
  if (seen == 0) return {"attribute_not_exists(#version)", {version}, {}};
  return {"#version = :seen", {version}, {{":seen", number_value(seen)}}};
}

std::string remedy_for(std::string_view code) {
  if (code != "ResourceNotFoundException" && code != "ValidationException") return "";
  return fmt::format(
      " (expected a table of that region with the partition key \"{}\" and the sort key \"{}\", both texts)",
      kPartitionKey, kSortKey);
}

}  // namespace

template <class T>
Result<T> DynamoDbTable::explained(Result<T> answer) const {
  if (answer) return answer;
  Error& error = answer.error();
  error.message += remedy_for(error.code);
  return tl::unexpected(with_context(std::move(error), fmt::format("coordination table {}", name_)));
}

Result<Item> DynamoDbTable::read(const std::string& key) {
  const auto item = TRY(explained(dynamodb_.get_item(name_, keys_of(key))));
  if (!item) return Item{};
  return explained(read_item(*item));
}

Result<bool> DynamoDbTable::replace(const std::string& key, std::uint64_t seen, const std::string& text) {
  DynamoItem item = keys_of(key);
  item.emplace(kVersion, number_value(seen + 1));
  item.emplace(kText, text_value(text));
  return explained(dynamodb_.put_item(name_, item, still(seen)));
}

Result<std::map<std::string, Item>> DynamoDbTable::list(const std::string& prefix) {
  const std::string scope = scope_of(prefix);
  if (scope == prefix)
    return fail(ErrorKind::internal, "InvalidPrefix", "a prefix has two parts: \"" + prefix + "\"");
  const auto items = TRY(
      explained(dynamodb_.query(name_, {"#scope = :scope AND begins_with(#key, :prefix)",
                                        {std::string(kPartitionKey), std::string(kSortKey)},
                                        {{":scope", text_value(scope)}, {":prefix", text_value(prefix)}}})));
  std::map<std::string, Item> found;
  for (const DynamoItem& item : items)
    found.emplace(text_of(item, kSortKey), TRY(explained(read_item(item))));
  return found;
}

}  // namespace lamplighter::coordination
