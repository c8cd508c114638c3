// Backups and what is made of them: whole or not there, whatever comes between.
#include <fstream>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup/make.h"
#include "backup/private_file.h"
#include "backup/restore.h"
#include "engine/store/store.h"
#include "hours/store.h"
#include "scheduler/store.h"
#include "tests/support/faulty_disk.h"

namespace lamplighter::backup {
namespace {

using std::filesystem::path;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const Time kNow = *parse_time("2026-11-27T03:00:00Z");

class BackupTest : public ::testing::Test {
 protected:
  BackupTest()
      : home_(path(::testing::TempDir()) /
              fmt::format("backup-{}-{}", ::getpid(),
                          ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(home_);
    std::filesystem::create_directories(home_ / "state");
    ::umask(0);
  }
  ~BackupTest() override {
    ::umask(022);
    engine_.reset();
    std::filesystem::remove_all(home_);
  }

  [[nodiscard]] path state() const { return home_ / "state"; }
  [[nodiscard]] path file() const { return home_ / "backup"; }
  [[nodiscard]] path other() const { return home_ / "other"; }

  void start(const std::string& name) {
    if (!engine_) engine_ = *engine::Store::open(state() / "engine.db");
    engine::ExecutionRow row;
    row.arn = "arn:" + name;
    row.name = name;
    row.started = kNow;
    const auto id = *engine_->add_execution(row);
    engine::Event event;
    event.id = 1;
    event.type = engine::EventType::execution_started;
    event.time = kNow;
    ASSERT_TRUE(engine_->append({id, 0, 1, 0, engine::write_records({event})}));
  }

  Status backup(bool overwrite = false, bool with_key = false) {
    const auto made = make({state(), file(), overwrite, with_key}, kNow);
    CHECK_OK(made);
    return {};
  }
  Result<Restored> restore_here(bool go_on = false) { return restore({file(), other(), go_on}, kNow); }

  std::vector<std::string> files_in(const path& directory) const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory))
      names.push_back(entry.path().filename());
    return names;
  }
  static std::string bytes_of(const path& file) {
    std::ifstream in(file, std::ios::binary);
    return {(std::istreambuf_iterator<char>(in)), {}};
  }
  void write(const path& file, const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; }
  void change(const std::string& sql) { SQLite::Database(file().string(), SQLite::OPEN_READWRITE).exec(sql); }

  std::vector<engine::ExecutionRow> executions(const path& directory) {
    return *(*engine::Store::open(directory / "engine.db"))->executions({});
  }
  static unsigned mode(const path& file) {
    return static_cast<unsigned>(std::filesystem::status(file).permissions());
  }

  path home_;
  std::unique_ptr<engine::Store> engine_;
};

TEST_F(BackupTest, HoldsAllDatabasesAsTheyAreWhileOthersWrite) {
  start("a");
  ASSERT_TRUE((*scheduler::Store::open(state() / "schedules.sqlite"))->replace("f", {{"evening", {}}}));
  ASSERT_TRUE((*hours::Store::open(state() / "hours.sqlite"))
                  ->add({{"f", "UTC", "dev", {{kNow, hours::State::running}}}}, kNow));
  ASSERT_TRUE(engine_->begin());  // a transaction that is under way isn't in it, and holds nobody up
  start("b");
  const auto made = make({state(), file(), false, false}, kNow);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->executions, 1);
  EXPECT_EQ(made->running, 1);
  EXPECT_EQ(made->bytes, std::filesystem::file_size(file()));
  ASSERT_TRUE(engine_->commit());
  EXPECT_EQ(mode(file()), 0600U);
  EXPECT_THAT(files_in(home_), UnorderedElementsAre("state", "backup"));

  const auto restored = restore_here(true);
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(restored->made, kNow);
  EXPECT_EQ(restored->running, 1U);
  EXPECT_THAT(files_in(other()), UnorderedElementsAre("engine.db", "schedules.sqlite", "hours.sqlite"));
  EXPECT_EQ(mode(other()), 0700U);
  for (const auto& name : files_in(other())) EXPECT_EQ(mode(other() / name), 0600U) << name;
  ASSERT_THAT(executions(other()), SizeIs(1));
  EXPECT_EQ(executions(other())[0].status, engine::ExecutionStatus::running);
  EXPECT_THAT(*(*scheduler::Store::open(other() / "schedules.sqlite"))->progress("f"), SizeIs(1));
  EXPECT_THAT(*(*hours::Store::open(other() / "hours.sqlite"))->rows(kNow, kNow + std::chrono::hours{1}),
              SizeIs(1));
}

TEST_F(BackupTest, WhatWasRunningIsEndedUnlessItIsToGoOn) {
  start("a");
  ASSERT_TRUE(backup());
  EXPECT_EQ(restore_here()->running, 1U);
  const auto rows = executions(other());
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].status, engine::ExecutionStatus::aborted);
  const auto last = (*engine::Store::open(other() / "engine.db"))->last_event(rows[0].id);
  EXPECT_THAT(std::string((*last)->details.at("cause").as_string()), HasSubstr("2026-11-27T03:00:00"));
  EXPECT_EQ(executions(state())[0].status, engine::ExecutionStatus::running) << "the original goes on";
}

TEST_F(BackupTest, TheKeyPairIsInItOnlyWhereThatIsSaid) {
  start("a");
  write(state() / "api-key.json", "secret");
  ASSERT_TRUE(backup());
  EXPECT_THAT(bytes_of(file()), ::testing::Not(HasSubstr("secret")));
  EXPECT_FALSE(restore_here()->has_key);
  std::filesystem::remove_all(other());
  ASSERT_TRUE(backup(true, true));
  EXPECT_TRUE(restore_here()->has_key);
  EXPECT_EQ(bytes_of(other() / "api-key.json"), "secret");
  EXPECT_EQ(mode(other() / "api-key.json"), 0600U);
}

TEST_F(BackupTest, OverwritesNothingUnasked) {
  EXPECT_EQ(backup().error().code, "NoExecutions");
  start("a");
  write(file(), "mine");
  EXPECT_EQ(backup().error().code, "FileExists");
  EXPECT_EQ(bytes_of(file()), "mine");
  ASSERT_TRUE(backup(true));
  for (const auto& taken : {state(), file()}) {
    const auto refused = restore({file(), taken, false}, kNow);
    ASSERT_FALSE(refused) << taken;
    EXPECT_EQ(refused.error().code, "NotEmpty");
  }
  std::filesystem::create_directory(other());
  ASSERT_TRUE(restore_here()) << "an empty one will do";
}

TEST_F(BackupTest, ReplacesNothingButFilesAndNoneOfTheDirectoryItself) {
  start("a");
  const auto to = [&](const path& file) { return make({state(), file, true, false}, kNow); };
  EXPECT_EQ(to(state() / "engine.db").error().code, "BackupInItself");
  EXPECT_EQ(to(home_ / "state" / ".." / "state" / "backup").error().code, "BackupInItself");
  ASSERT_EQ(::mkfifo((home_ / "pipe").c_str(), 0600), 0);
  std::filesystem::create_symlink(file(), home_ / "link");
  std::filesystem::create_directory(other());
  for (const auto* name : {"pipe", "link", "other"})
    EXPECT_EQ(to(home_ / name).error().code, "NoFile") << name;
  EXPECT_TRUE(std::filesystem::is_fifo(home_ / "pipe"));
  EXPECT_THAT(files_in(state()), testing::Contains("engine.db"));
}

TEST_F(BackupTest, WhatAKilledOneLeftBehindIsNoHindrance) {
  start("a");
  write(draft_of(file()), "half");
  write(draft_of(file()).concat("-engine.db"), "half");
  std::filesystem::create_directory(draft_of(other()));
  write(draft_of(other()) / "engine.db", "half");
  ASSERT_TRUE(backup());
  ASSERT_TRUE(restore_here());
  EXPECT_THAT(files_in(home_), UnorderedElementsAre("state", "backup", "other"));
}

TEST_F(BackupTest, AFullDiskLeavesNothing) {
  start("a");
  for (int writes = 0;; ++writes) {
    FaultyDisk disk;
    disk.fill_up(writes);
    const auto made = backup();
    disk.repair();
    if (made) break;
    EXPECT_EQ(made.error().kind, ErrorKind::internal) << made.error().message;
    EXPECT_THAT(made.error().message, HasSubstr("no backup"));
    EXPECT_THAT(files_in(home_), UnorderedElementsAre("state")) << writes;
    ASSERT_LT(writes, 1'000);
  }
}

TEST_F(BackupTest, ADamagedStateIsNoBackup) {
  start("a");
  engine_.reset();
  auto bytes = bytes_of(state() / "engine.db");
  for (std::size_t i = 4096; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7);
  write(state() / "engine.db", bytes);
  const auto made = backup();
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("no backup"));
  EXPECT_THAT(files_in(home_), UnorderedElementsAre("state"));
}

TEST_F(BackupTest, EveryCutIsNoticedAndChangesNothing) {
  start("a");
  ASSERT_TRUE(backup());
  const auto whole = bytes_of(file());
  for (std::size_t size = 0; size < whole.size(); size += 4096 - 7) {
    write(file(), whole.substr(0, size));
    const auto refused = restore_here();
    ASSERT_FALSE(refused) << size;
    EXPECT_EQ(refused.error().kind, ErrorKind::bad_input);
    EXPECT_THAT(files_in(home_), UnorderedElementsAre("state", "backup")) << size;
  }
}

TEST_F(BackupTest, EveryFlippedByteIsNoticedOrDoesNoHarm) {
  start("a");
  ASSERT_TRUE(backup());
  const auto whole = bytes_of(file());
  for (std::size_t at = 1; at < whole.size(); at += 331) {
    auto bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
    write(file(), bytes);
    const auto restored = restore_here(true);
    if (restored) {
      EXPECT_EQ(executions(other()).at(0).arn, "arn:a") << at;
      std::filesystem::remove_all(other());
    } else {
      EXPECT_EQ(restored.error().kind, ErrorKind::bad_input) << at << restored.error().message;
    }
    ASSERT_THAT(files_in(home_), UnorderedElementsAre("state", "backup")) << at;
  }
}

struct Foreign {
  const char* change;
  const char* words;
};

class ForeignBackupTest : public BackupTest, public ::testing::WithParamInterface<Foreign> {};

TEST_P(ForeignBackupTest, IsRefusedAndChangesNothing) {
  start("a");
  ASSERT_TRUE((*scheduler::Store::open(state() / "schedules.sqlite"))->replace("f", {{"evening", {}}}));
  ASSERT_TRUE(backup());
  change(GetParam().change);
  const auto refused = restore_here();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::bad_input);
  EXPECT_THAT(refused.error().message, HasSubstr(GetParam().words));
  EXPECT_THAT(files_in(home_), UnorderedElementsAre("state", "backup"));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, ForeignBackupTest,
    ::testing::Values(
        Foreign{"PRAGMA application_id = 1", "another program made it"},
        Foreign{"PRAGMA user_version = 99", "use a newer one"}, Foreign{"DROP TABLE part", "no table part"},
        Foreign{"DELETE FROM backup", "never finished"},
        Foreign{"DELETE FROM part WHERE id = 1", "is cut off"},
        Foreign{"UPDATE part SET bytes = zeroblob(4096) WHERE file = 1", "part 1 of engine.db is damaged"},
        Foreign{"UPDATE part SET number = 7 WHERE file = 1", "part 1 of engine.db is damaged"},
        Foreign{"UPDATE file SET name = '../../engine.db' WHERE id = 1", "does not belong"},
        Foreign{"UPDATE file SET name = 'lock' WHERE id = 0", "does not belong"},
        Foreign{"DELETE FROM file WHERE name = 'engine.db'", "it lacks engine.db"},
        Foreign{"UPDATE file SET id = 5 WHERE id = 0; UPDATE part SET file = 5 WHERE file = 0",
                "does not belong where it stands"},
        Foreign{"UPDATE file SET name = 'x' WHERE id = 0; UPDATE file SET name = 'schedules.sqlite' "
                "WHERE id = 1; UPDATE file SET name = 'engine.db' WHERE id = 0",
                "does not belong"},
        Foreign{"INSERT INTO file SELECT 100 + value, 'f' || value, 0 FROM (WITH RECURSIVE n(value) AS "
                "(SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 99) SELECT value FROM n)",
                "too many files"}));

TEST_F(BackupTest, OfADirectoryWhoseDiskIsFullIsWhole) {
  start("a");
  engine_.reset();
  FaultyDisk disk;
  disk.fill_up_below(state());
  ASSERT_FALSE(engine::Store::open(state() / "engine.db")) << "SQLite has to write beside it";
  const Status made = backup();
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_THAT(files_in(home_), UnorderedElementsAre("state", "backup")) << "no copy is left";
  disk.repair();
  ASSERT_TRUE(restore_here());
  EXPECT_EQ(executions(other()).at(0).arn, "arn:a");
}

TEST_F(BackupTest, NamesWhatIsFull) {
  start("a");
  engine_.reset();
  std::filesystem::create_directories(home_ / "target");
  const auto make_there = [&] { return make({state(), home_ / "target" / "backup", false, false}, kNow); };
  FaultyDisk disk;
  disk.fill_up_below(home_ / "target");
  const auto full = make_there();
  ASSERT_FALSE(full);
  EXPECT_THAT(full.error().message, HasSubstr("no backup to " + (home_ / "target" / "backup").string()));
  EXPECT_THAT(full.error().message, HasSubstr("full"));
  EXPECT_THAT(files_in(home_ / "target"), IsEmpty());
}

TEST_F(BackupTest, WhatIsNoFileIsRefusedUnopened) {
  EXPECT_THAT(restore_here().error().message, HasSubstr("there is no such file"));
  ASSERT_EQ(::mkfifo(file().c_str(), 0600), 0);
  EXPECT_THAT(restore_here().error().message, HasSubstr("it is no file"));
  EXPECT_EQ(restore_here().error().kind, ErrorKind::bad_input);
}

}  // namespace
}  // namespace lamplighter::backup
