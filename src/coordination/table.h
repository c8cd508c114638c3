// Where runs agree that may come from several processes and places: items of text by key, each with a
// version. One file in a state directory, or a DynamoDB table (the fleet file's `coordination`).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/result.h"

namespace lamplighter::coordination {

struct Item {
  std::uint64_t version = 0;  ///< grows with each replacement; 0 for no item
  std::string text;
};

/// A key has three parts, "lease/FLEET/ENVIRONMENT", of any characters (the last may hold slashes), at most
/// 1,024 bytes in all; an item's text has at most 390 KB. Safe to use from several threads. Errors: the
/// disk's, or AWS's.
class Table {
 public:
  virtual ~Table() = default;
  /// As it is now: whatever was replaced before is seen. Version 0 where there is none.
  virtual Result<Item> read(const std::string& key) = 0;
  /// Puts `text` where the version still is `seen`. False where it isn't: another was faster, or an earlier
  /// try of this call succeeded and its answer was lost. Whoever must know reads again.
  virtual Result<bool> replace(const std::string& key, std::uint64_t seen, const std::string& text) = 0;
  /// All whose key begins so, by key. The first two parts must be whole: "lease/FLEET/".
  virtual Result<std::map<std::string, Item>> list(const std::string& prefix) = 0;
};

}  // namespace lamplighter::coordination
