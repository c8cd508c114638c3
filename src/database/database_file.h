// A database file of SQLite's: checked before it is trusted, made whole or not at all, opened so that what is
// committed stays.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/result.h"

namespace lamplighter::database {

/// What such a file holds.
struct Format {
  std::uint32_t application_id = 0;  ///< in the file's header: whose it is
  std::uint32_t version = 0;         ///< in the header too; older ones can be brought up to it
  std::string schema;                ///< that makes an empty one of this version
};

/// Says whether the file may be opened as a database of this format, without writing to it: missing and empty
/// files may. Doesn't wait: what is no file (a pipe, a directory) is refused unopened. Errors: internal
/// "DatabaseCorrupted", "DatabaseTooNew".
Status check_file(const std::filesystem::path& file, const Format& format);

/// Makes an empty database (mode 0600) where there is none. The file must have passed check_file(). Throws
/// SQLite::Exception and std::filesystem::filesystem_error.
void make_missing(const std::filesystem::path& file, const Format& format);

/// Sets the connection up: write-ahead log, every commit on disk. Throws SQLite::Exception.
void prepare(SQLite::Database& database);

}  // namespace lamplighter::database
