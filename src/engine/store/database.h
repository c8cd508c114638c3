// The database file: made where it is missing, brought up to this format, opened for use.
#pragma once

#include <filesystem>

#include <SQLiteCpp/SQLiteCpp.h>

namespace lamplighter::engine {

/// Makes an empty database where there is none. The file must have passed check_database(). Throws
/// SQLite::Exception and std::filesystem::filesystem_error.
void make_missing(const std::filesystem::path& file);

/// Sets the connection up as the engine uses it, and brings an older format up to this one. Throws
/// SQLite::Exception.
void prepare(SQLite::Database& database);

}  // namespace lamplighter::engine
