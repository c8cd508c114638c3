#include "engine/store/database.h"

#include "engine/store/state_directory.h"

namespace lamplighter::engine {
namespace {

constexpr const char* kFormat1 = R"sql(
CREATE TABLE definition (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE state_machine (
  arn TEXT PRIMARY KEY, name TEXT NOT NULL, definition INTEGER NOT NULL, role_arn TEXT NOT NULL, revision_id TEXT NOT NULL,
  extras TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL);
CREATE TABLE execution (
  id INTEGER PRIMARY KEY AUTOINCREMENT, arn TEXT NOT NULL UNIQUE, name TEXT NOT NULL, state_machine_arn TEXT NOT NULL,
  role_arn TEXT NOT NULL, definition INTEGER NOT NULL, seed INTEGER NOT NULL, status INTEGER NOT NULL,
  started INTEGER NOT NULL, ended INTEGER);
CREATE INDEX execution_of_machine ON execution (state_machine_arn, id);
CREATE INDEX execution_running ON execution (id) WHERE status = 0;
CREATE INDEX execution_ended ON execution (ended) WHERE status <> 0;
CREATE TABLE history (
  id INTEGER PRIMARY KEY, last_event INTEGER NOT NULL, due INTEGER NOT NULL, records BLOB NOT NULL);
)sql";

/// Format 1 had no `bytes` (of an ended execution's history), and wrote every text in full.
constexpr const char* kFormat2 = R"sql(
ALTER TABLE execution ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
UPDATE execution SET bytes = (SELECT CAST(total(length(records)) AS INTEGER) FROM history h
  WHERE h.id >= execution.id * 1048576 AND h.id < (execution.id + 1) * 1048576) WHERE status <> 0;
DROP INDEX execution_ended;
CREATE INDEX execution_ended ON execution (ended, bytes) WHERE status <> 0;
)sql";

/// Format 2 did not say who started an execution.
constexpr const char* kFormat3 = R"sql(
ALTER TABLE execution ADD COLUMN started_by TEXT NOT NULL DEFAULT '';
)sql";

/// Format 3 kept neither of which ended executions somebody has taken note, nor how long they stay.
constexpr const char* kFormat4 = R"sql(
ALTER TABLE execution ADD COLUMN noted INTEGER NOT NULL DEFAULT 0;
CREATE INDEX execution_unnoted ON execution (id) WHERE status <> 0 AND noted = 0;
CREATE TABLE retention (id INTEGER PRIMARY KEY CHECK (id = 0), age INTEGER NOT NULL, executions INTEGER NOT NULL, bytes INTEGER NOT NULL);
)sql";

/// How far the wall clock was set forward: few directories have it.
constexpr const char* kTimeline =
    "CREATE TABLE IF NOT EXISTS timeline (id INTEGER PRIMARY KEY, skew INTEGER NOT NULL)";

}  // namespace

const database::Format& database_format() {
  static const database::Format made{kApplicationId, {kFormat1, kFormat2, kFormat3, kFormat4}, kTimeline};
  return made;
}

void prepare(SQLite::Database& database) {
  database.exec("PRAGMA wal_autocheckpoint = 4000");
  database.exec("PRAGMA cache_size = -16384");
  database.exec("PRAGMA secure_delete = OFF");  // Debian's zeroes what is pruned, and writes it all once more
  database::bring_up_to_date(database, database_format());
}

}  // namespace lamplighter::engine
