// The coordination table of runs that come from several places: a table of DynamoDB's.
#pragma once

#include "aws/services/dynamodb.h"
#include "coordination/table.h"

namespace lamplighter::coordination {

// What such a table is made with. Its partition key is the first two parts of an item's key
// ("lease/lower"), so that a fleet's items are listed without reading others', and a policy can be for
// one fleet (dynamodb:LeadingKeys); its sort key is the whole key.
inline constexpr std::string_view kPartitionKey = "scope";  ///< S
inline constexpr std::string_view kSortKey = "key";         ///< S

/// An item has its version as a number, and its text. All reads are consistent. Keeps a reference to
/// `caller`; safe to use from several threads. Errors: the caller's, with the table's name; where there is no
/// such table, or its keys are others, what it must be.
class DynamoDbTable final : public Table {
 public:
  DynamoDbTable(aws::Caller& caller, aws::Target target, std::string name)
      : dynamodb_(caller, std::move(target)), name_(std::move(name)) {}

  Result<Item> read(const std::string& key) override;
  Result<bool> replace(const std::string& key, std::uint64_t seen, const std::string& text) override;
  Result<std::map<std::string, Item>> list(const std::string& prefix) override;

 private:
  template <class T>
  Result<T> explained(Result<T> answer) const;

  aws::DynamoDb dynamodb_;
  std::string name_;
};

}  // namespace lamplighter::coordination
