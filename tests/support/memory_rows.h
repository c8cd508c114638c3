// Rows that are kept in memory only; a disk that is full on request.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "scheduler/row_store.h"

namespace lamplighter::scheduler {

class MemoryRows final : public RowStore {
 public:
  Result<std::vector<Row>> rows() override {
    std::vector<Row> found;
    for (const auto& [key, text] : kept) found.push_back({key.first, key.second, text});
    return found;
  }
  Status put_rows(const std::vector<Row>& rows) override {
    if (broken) return fail(ErrorKind::internal, "Database", "disk full");
    for (const Row& row : rows) {
      kept.erase({row.kind, row.key});
      if (row.text) kept[{row.kind, row.key}] = *row.text;
    }
    return {};
  }

  std::map<std::pair<std::string, std::string>, std::string> kept;  ///< text by kind and key
  bool broken = false;                                              ///< every write fails
};

}  // namespace lamplighter::scheduler
