// Databases of earlier formats, and files that are none of them.
#include <fstream>

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/store/database.h"
#include "engine/store/state_directory.h"
#include "engine/store/store.h"
#include "tests/support/store_fixture.h"

namespace lamplighter::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// The schema of format 1, with one ended execution.
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
INSERT INTO execution VALUES (1, 'arn:a', 'a', '', '', 1, 1, 1, 1000, 2000);
INSERT INTO history VALUES (1048576, 1, 0, CAST('119b32e8[[1,0,1000,"ExecutionStarted",0,{"input":"{}"},{}]]' AS BLOB));
PRAGMA application_id = 1281453424;
PRAGMA user_version = 1;
)sql";

TEST_F(StoreTest, ADatabaseOfFormat1IsBroughtUpToDate) {
  store_.reset();
  std::filesystem::remove_all(directory_);
  std::filesystem::create_directories(directory_);
  SQLite::Database(file().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(kFormat1);
  ASSERT_TRUE(check_database(file()));
  open();
  EXPECT_TRUE(check_database(file())) << "it has become what a new one is";
  EXPECT_THAT(*history(1), ElementsAre(1));
  ASSERT_TRUE(append(1, 1, {event(2), event(3)}));
  EXPECT_THAT(*history(1), ElementsAre(1, 2, 3));
  Retention retention;
  retention.bytes = 10;
  EXPECT_EQ(store_->unnoted(10)->size(), 1U) << "nobody has taken note of it yet";
  ASSERT_TRUE(store_->begin());
  EXPECT_EQ(store_->prune(retention, Time{Duration{3'000}})->executions, 1U) << "its size is known";
  ASSERT_TRUE(store_->commit());
  std::ifstream in(file(), std::ios::binary);
  in.seekg(63);
  EXPECT_EQ(in.get(), static_cast<int>(database_format().version()))
      << "an older program must see it in the file itself";
}

TEST_F(StoreTest, ADatabaseOfFormat2IsBroughtUpToDate) {
  store_.reset();
  std::filesystem::remove_all(directory_);
  std::filesystem::create_directories(directory_);
  {
    SQLite::Database older(file().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    older.exec(kFormat1);
    older.exec(
        "ALTER TABLE execution ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0; DROP INDEX execution_ended; "
        "CREATE "
        "INDEX execution_ended ON execution (ended, bytes) WHERE status <> 0; PRAGMA user_version = 2");
  }
  ASSERT_TRUE(check_database(file()));
  open();
  EXPECT_EQ((*store_->execution("arn:a"))->started_by, "") << "nobody knows any more";
  auto row = *store_->execution(1);
  row.arn = "arn:b";
  row.started_by = R"({"user":"alice"})";
  ASSERT_TRUE(store_->begin());
  ASSERT_TRUE(store_->add_execution(row));
  ASSERT_TRUE(store_->commit());
  EXPECT_EQ((*store_->execution("arn:b"))->started_by, row.started_by);
}

TEST_F(StoreTest, ADatabaseOfFormat1ThatLacksAPartIsRefused) {
  store_.reset();
  std::filesystem::remove(file());
  SQLite::Database old(file().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  old.exec(kFormat1);
  old.exec("ALTER TABLE execution ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0");
  EXPECT_THAT(check_database(file()).error().message, HasSubstr("its table execution is another"));
}

/// What a database may lack or have too much, with the words that say so.
struct OtherSchema {
  const char* change;
  const char* words;
};

class SchemaTest : public StoreTest, public ::testing::WithParamInterface<OtherSchema> {};

TEST_P(SchemaTest, IsNoticedBeforeAnythingIsWritten) {
  add_history("a");
  store_.reset();
  SQLite::Database(file().string(), SQLite::OPEN_READWRITE).exec(GetParam().change);
  const auto bytes = [&] {
    std::ifstream in(file(), std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(in)), {});
  };
  const auto before = bytes();
  const auto checked = check_database(file());
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, kDamaged);
  EXPECT_THAT(checked.error().message, HasSubstr(GetParam().words));
  EXPECT_EQ(bytes(), before);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, SchemaTest,
    ::testing::Values(
        OtherSchema{"DROP TABLE history", "no table history"},
        OtherSchema{"DROP TABLE definition", "no table definition"},
        OtherSchema{"DROP TABLE history; CREATE VIEW history AS SELECT 1 AS id", "no table history"},
        OtherSchema{"ALTER TABLE history DROP COLUMN due", "table history is another"},
        OtherSchema{"ALTER TABLE execution RENAME COLUMN seed TO seeds", "table execution is another"},
        OtherSchema{"ALTER TABLE state_machine ADD COLUMN more TEXT", "table state_machine is another"},
        OtherSchema{"DROP TABLE history; CREATE TABLE history (id TEXT PRIMARY KEY, last_event INTEGER NOT "
                    "NULL, due INTEGER NOT NULL, records BLOB NOT NULL)",
                    "table history is another"},
        OtherSchema{"DROP INDEX execution_running", "no index execution_running"},
        OtherSchema{"DROP INDEX execution_ended; CREATE INDEX execution_ended ON execution (ended)",
                    "index execution_ended is another"},
        OtherSchema{"CREATE UNIQUE INDEX one_a_machine ON execution (state_machine_arn)",
                    "has index one_a_machine, which is not its own"},
        OtherSchema{"CREATE TRIGGER t AFTER INSERT ON execution BEGIN SELECT RAISE(ABORT, 'no'); END",
                    "has trigger t, which is not its own"},
        OtherSchema{"CREATE TABLE timeline (id INTEGER PRIMARY KEY)", "table timeline is another"},
        OtherSchema{"PRAGMA user_version = 1", "table execution is another"},
        OtherSchema{"PRAGMA user_version = 0", "no format 0"}));

TEST_F(StoreTest, WhatLiesBesideItsOwnTablesIsNoConcern) {
  ASSERT_TRUE(store_->put_skew(Duration{5}));
  store_.reset();
  SQLite::Database(file().string(), SQLite::OPEN_READWRITE)
      .exec("CREATE TABLE replica (seq INTEGER); CREATE VIEW names AS SELECT name FROM execution; ANALYZE");
  EXPECT_TRUE(check_database(file()));
}

TEST_F(StoreTest, AWriteAheadLogWhoseDatabaseWasMovedAwayIsNotReplayed) {
  add_history("a");
  const auto log = std::filesystem::path(file()).concat("-wal");
  std::filesystem::copy(log, directory_ / "kept");
  store_.reset();
  std::filesystem::rename(file(), directory_ / "away.db");
  std::filesystem::rename(directory_ / "kept", log);
  open();
  EXPECT_THAT(names(), IsEmpty());
  EXPECT_TRUE(std::filesystem::exists(directory_ / "engine.db-wal.old"))
      << "the database that was moved may need it";
}

}  // namespace
}  // namespace lamplighter::engine
