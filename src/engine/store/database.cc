#include "engine/store/database.h"

#include <fmt/format.h>

#include "engine/store/state_directory.h"

namespace lamplighter::engine {
namespace {

constexpr const char* kSchema = R"sql(
CREATE TABLE definition (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE state_machine (
  arn TEXT PRIMARY KEY, name TEXT NOT NULL, definition INTEGER NOT NULL, role_arn TEXT NOT NULL, revision_id TEXT NOT NULL,
  extras TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL);
CREATE TABLE execution (
  id INTEGER PRIMARY KEY AUTOINCREMENT, arn TEXT NOT NULL UNIQUE, name TEXT NOT NULL, state_machine_arn TEXT NOT NULL,
  role_arn TEXT NOT NULL, definition INTEGER NOT NULL, seed INTEGER NOT NULL, status INTEGER NOT NULL,
  started INTEGER NOT NULL, ended INTEGER, bytes INTEGER NOT NULL DEFAULT 0);
CREATE INDEX execution_of_machine ON execution (state_machine_arn, id);
CREATE INDEX execution_running ON execution (id) WHERE status = 0;
CREATE INDEX execution_ended ON execution (ended, bytes) WHERE status <> 0;
CREATE TABLE history (
  id INTEGER PRIMARY KEY, last_event INTEGER NOT NULL, due INTEGER NOT NULL, records BLOB NOT NULL);
)sql";

/// Format 1 had no `bytes` (of an ended execution's history), and wrote every text in full.
constexpr const char* kFromFormat1 = R"sql(
ALTER TABLE execution ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
UPDATE execution SET bytes = (SELECT CAST(total(length(records)) AS INTEGER) FROM history h
  WHERE h.id >= execution.id * 1048576 AND h.id < (execution.id + 1) * 1048576) WHERE status <> 0;
DROP INDEX execution_ended;
CREATE INDEX execution_ended ON execution (ended, bytes) WHERE status <> 0;
)sql";

/// A write-ahead log whose database was moved away would be replayed onto the next one. It may hold what that
/// database still needs, so it is put aside rather than deleted.
void put_aside_log(const std::filesystem::path& file) {
  const auto beside = [&](const char* suffix) { return std::filesystem::path(file).concat(suffix); };
  std::filesystem::remove(beside("-shm"));
  for (const auto* suffix : {"-wal", "-journal"}) {
    const auto log = beside(suffix);
    if (std::filesystem::exists(log)) std::filesystem::rename(log, std::filesystem::path(log).concat(".old"));
  }
}

/// Makes an empty database beside its place and moves it there, so that no crash leaves half of one. The ids
/// in the header are written before the write-ahead log is switched on, so that check_database() finds them
/// in the file itself.
void make_database(const std::filesystem::path& file) {
  const auto fresh = std::filesystem::path(file).concat(".new");
  std::filesystem::remove(fresh);
  std::filesystem::remove(std::filesystem::path(fresh).concat("-journal"));
  {
    SQLite::Database database(fresh.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("PRAGMA auto_vacuum = INCREMENTAL");
    database.exec("PRAGMA synchronous = FULL");
    SQLite::Transaction transaction(database);
    database.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
    database.exec(fmt::format("PRAGMA user_version = {}", kFormatVersion));
    database.exec(kSchema);
    transaction.commit();
  }
  std::filesystem::permissions(fresh,
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  put_aside_log(file);
  std::filesystem::rename(fresh, file);
}

/// Brings an older format up to this one. The file's header says so before anything else is written: an older
/// program looks there.
void migrate(SQLite::Database& database) {
  if (database.execAndGet("PRAGMA user_version").getInt() == kFormatVersion) return;
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  database.exec(kFromFormat1);
  database.exec(fmt::format("PRAGMA user_version = {}", kFormatVersion));
  transaction.commit();
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace

void make_missing(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file) || std::filesystem::file_size(file) == 0) make_database(file);
}

void prepare(SQLite::Database& database) {
  database.setBusyTimeout(10'000);
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("PRAGMA wal_autocheckpoint = 4000");
  database.exec("PRAGMA journal_size_limit = 67108864");
  database.exec("PRAGMA cache_size = -16384");
  migrate(database);
}

}  // namespace lamplighter::engine
