// The DynamoDB API, version 2012-08-10: as much of it as a table of small items needs.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aws/client/caller.h"

namespace lamplighter::aws {

/// A text (S), or a number (N) by its digits.
struct DynamoValue {
  enum class Type { text, number };
  Type type = Type::text;
  std::string text;

  friend bool operator==(const DynamoValue&, const DynamoValue&) = default;
};

/// By name. Attributes of other types are left out where an item is read.
using DynamoItem = std::map<std::string, DynamoValue>;

/// In DynamoDB's language: "#version = :seen". Names stand in it with a # before them, so that none is taken
/// for one of the language's own words.
struct DynamoExpression {
  std::string text;
  std::vector<std::string> names;  ///< without the #
  DynamoItem values;               ///< with the colon
};

/// Calls of one region and role. Keeps a reference to `caller`; cheap to make. Errors: the caller's, with the
/// API's exception names, and "InvalidResponse".
class DynamoDb {
 public:
  DynamoDb(Caller& caller, Target target) : caller_(caller), target_(std::move(target)) {}

  /// As it is now (a consistent read); nullopt where there is none.
  Result<std::optional<DynamoItem>> get_item(const std::string& table, const DynamoItem& key);
  /// Puts the item in place of the one of its key where that one meets the condition. False where it doesn't:
  /// perhaps because an earlier try of this call succeeded and its answer was lost.
  Result<bool> put_item(const std::string& table, const DynamoItem& item, const DynamoExpression& condition);
  /// All items whose keys are such, as they are now, by sort key.
  Result<std::vector<DynamoItem>> query(const std::string& table, const DynamoExpression& keys);

 private:
  Result<json::value> call(std::string_view action, const json::object& body);

  Caller& caller_;
  Target target_;
};

}  // namespace lamplighter::aws
