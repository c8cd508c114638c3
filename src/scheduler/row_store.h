// Where others keep what they know: rows of text by kind and key, beside the scheduler's own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace lamplighter::scheduler {

struct Row {
  std::string kind;  ///< "schedule", "group"
  std::string key;
  std::optional<std::string> text;  ///< nullopt where the row is to go
};

/// Safe to use from several threads. Errors: as Store's.
class RowStore {
 public:
  virtual ~RowStore() = default;
  virtual Result<std::vector<Row>> rows() = 0;
  /// All of the rows or none; on disk when it returns.
  virtual Status put_rows(const std::vector<Row>& rows) = 0;
};

}  // namespace lamplighter::scheduler
