// The engine's database: its format, brought up to this one, opened for use.
#pragma once

#include "database/database_file.h"

namespace lamplighter::engine {

const database::Format& database_format();

/// Sets a prepared connection up as the engine uses it, and brings an older format up to this one. Throws
/// SQLite::Exception.
void prepare(SQLite::Database& database);

}  // namespace lamplighter::engine
