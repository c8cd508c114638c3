// A database file of SQLite's: checked before it is trusted, made whole or not at all, opened so that what is
// committed stays.
#pragma once

#include <filesystem>
#include <string_view>

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/result.h"
#include "database/schema.h"

namespace lamplighter::database {

/// Says whether the file may be opened as a database of this format, without writing to it: missing and empty
/// files may, others must have the tables and indices of their version. Doesn't wait: what is no file (a
/// pipe, a directory) is refused unopened. Errors: internal "DatabaseCorrupted", which ends with what was
/// done about it, "DatabaseTooNew".
Status check_file(const std::filesystem::path& file, const Format& format,
                  std::string_view done = "It was left as it is; move it away to begin anew");

/// Makes an empty database (mode 0600) where there is none, once, also where several processes find none at
/// the same time. The file must have passed check_file(). Throws SQLite::Exception and
/// std::filesystem::filesystem_error.
void make_missing(const std::filesystem::path& file, const Format& format);

/// Sets the connection up: write-ahead log, every commit on disk. Throws SQLite::Exception.
void prepare(SQLite::Database& database);

/// Brings an older format up to this one. Throws SQLite::Exception.
void bring_up_to_date(SQLite::Database& database, const Format& format);

}  // namespace lamplighter::database
