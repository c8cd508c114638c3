// A coordination table that is kept in memory, and answers as badly as it is told to.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "coordination/table.h"

namespace lamplighter::coordination {

/// For one thread.
class MemoryTable final : public Table {
 public:
  enum class Trouble { none, refused, answer_lost };

  Result<Item> read(const std::string& key) override {
    if (trouble() != Trouble::none) return failed();
    return items[key];
  }
  Result<bool> replace(const std::string& key, std::uint64_t seen, const std::string& text) override {
    const Trouble now = trouble();
    if (now == Trouble::refused) return failed();
    Item& item = items[key];
    const bool stands = item.version == seen;
    if (stands) item = {seen + 1, text};
    if (now == Trouble::answer_lost) return failed();
    return stands;
  }
  Result<std::map<std::string, Item>> list(const std::string& prefix) override {
    std::map<std::string, Item> found;
    for (const auto& [key, item] : items) {
      if (key.starts_with(prefix) && item.version > 0) found[key] = item;
    }
    return found;
  }

  std::map<std::string, Item> items;
  std::function<Trouble()> trouble = [] { return Trouble::none; };  ///< asked at each call

 private:
  static tl::unexpected<Error> failed() {
    return fail(ErrorKind::aws, "ProvisionedThroughputExceededException", "try again");
  }
};

}  // namespace lamplighter::coordination
