// Where the book of schedules is kept: rows of JSON text by kind and key.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace lamplighter::api {

struct BookRow {
  std::string kind;  ///< "schedule", "group"
  std::string key;
  std::optional<std::string> text;  ///< nullopt where the row is to go
};

/// For one thread at a time.
class BookStore {
 public:
  virtual ~BookStore() = default;
  virtual Result<std::vector<BookRow>> load() = 0;
  /// All of the rows or none; on disk when it returns. Errors: as the store has them.
  virtual Status put(const std::vector<BookRow>& rows) = 0;
};

}  // namespace lamplighter::api
