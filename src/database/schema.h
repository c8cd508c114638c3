// A database's tables and indices, version by version, and whether a file has them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

namespace lamplighter::database {

/// What such a file holds.
struct Format {
  /// The version that this program writes.
  [[nodiscard]] std::uint32_t version() const { return static_cast<std::uint32_t>(steps.size()); }

  std::uint32_t application_id = 0;  ///< in the file's header: whose it is
  std::vector<std::string> steps;    ///< each makes a version of the one before; the first, of nothing
  std::string made_later;            ///< tables that a file may lack
};

/// Brings a database of version `from` (0: an empty one) up to `to`, tables and rows. The caller has a
/// transaction open. Throws SQLite::Exception.
void migrate(SQLite::Database& database, const Format& format, std::uint32_t from, std::uint32_t to);

/// What a database of `version` has otherwise than that version: "" for nothing. Others' tables beside these
/// are no concern; what hangs on these is. Throws SQLite::Exception.
std::string schema_problem(const SQLite::Database& database, const Format& format, std::uint32_t version);

}  // namespace lamplighter::database
