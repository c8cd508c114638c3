#include "coordination/sqlite_table.h"

#include <filesystem>
#include <fstream>
#include <thread>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/faulty_disk.h"

namespace lamplighter::coordination {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::SizeIs;

class SqliteTableTest : public ::testing::Test {
 protected:
  SqliteTableTest()
      : directory_(std::filesystem::path(::testing::TempDir()) /
                   fmt::format("coordination-{}-{}", ::getpid(),
                               ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }
  ~SqliteTableTest() override {
    table_.reset();
    std::filesystem::remove_all(directory_);
  }

  [[nodiscard]] std::filesystem::path file() const { return directory_ / "coordination.sqlite"; }
  SqliteTable& open() {
    table_.reset();
    table_ = SqliteTable::open(file()).value();
    return *table_;
  }
  /// What another program does to the file.
  void tamper(const std::string& sql) {
    table_.reset();
    SQLite::Database(file().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
  }

  std::filesystem::path directory_;
  std::unique_ptr<SqliteTable> table_;
};

TEST_F(SqliteTableTest, AVersionIsReplacedOnceAndStays) {
  EXPECT_EQ(open().read("lease/f/dev").value().version, 0U);
  EXPECT_TRUE(table_->replace("lease/f/dev", 0, "first").value());
  EXPECT_FALSE(table_->replace("lease/f/dev", 0, "too late").value());
  EXPECT_FALSE(table_->replace("lease/f/dev", 7, "of a version that never was").value());
  EXPECT_TRUE(table_->replace("lease/f/dev", 1, "second").value());
  EXPECT_FALSE(table_->replace("lease/f/dev", 1, "too late").value());
  const auto item = open().read("lease/f/dev").value();
  EXPECT_EQ(item.version, 2U);
  EXPECT_EQ(item.text, "second");
}

TEST_F(SqliteTableTest, ListsByPrefixWhateverTheNamesHold) {
  open();
  for (const char* key :
       {"lease/f/dev", "lease/f/%_", "lease/f/é\xff", "lease/f2/dev", "lease/f", "keep/f/dev"})
    ASSERT_TRUE(table_->replace(key, 0, key).value());
  EXPECT_THAT(table_->list("lease/f/").value(),
              ElementsAre(Key("lease/f/%_"), Key("lease/f/dev"), Key("lease/f/é\xff")));
  EXPECT_EQ(table_->list("lease/f/").value().at("lease/f/dev").text, "lease/f/dev");
  EXPECT_THAT(table_->list("").value(), SizeIs(6));
  EXPECT_THAT(table_->list("zebra/").value(), SizeIs(0));
}

TEST_F(SqliteTableTest, IsForItsOwnerAlone) {
  open();
  EXPECT_EQ(std::filesystem::status(file()).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(SqliteTableTest, OfManyThatReplaceAVersionOneWins) {
  open();
  constexpr int kThreads = 4;
  constexpr int kEach = 25;
  const auto count_up = [](SqliteTable& table) {
    for (int won = 0; won < kEach;) {
      const auto item = table.read("k").value();
      if (table.replace("k", item.version, item.text + "x").value()) ++won;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    // Two threads share a connection, the others have one each, as other processes would.
    threads.emplace_back([&, i] { count_up(i < 2 ? *table_ : *SqliteTable::open(file()).value()); });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(table_->read("k").value().version, kThreads * kEach);
  EXPECT_EQ(table_->read("k").value().text, std::string(kThreads * kEach, 'x'));
}

TEST_F(SqliteTableTest, ManyThatBeginAtOnceMakeOneFile) {
  for (int round = 0; round < 5; ++round) {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        const auto table = SqliteTable::open(file());
        ASSERT_TRUE(table) << table.error().message;
        EXPECT_TRUE((*table)->replace(fmt::format("k{}", i), 0, "x").value());
      });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_THAT(open().list("").value(), SizeIs(4));
    table_.reset();
  }
}

TEST_F(SqliteTableTest, DamageIsSaidAndNotWrittenTo) {
  std::ofstream(file()) << std::string(4096, 'x');
  const auto opened = SqliteTable::open(file());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "DatabaseCorrupted");
  EXPECT_EQ(std::filesystem::file_size(file()), 4096U);
}

TEST_F(SqliteTableTest, ANewerFormatIsLeftAlone) {
  open();
  tamper("PRAGMA user_version = 2");
  EXPECT_EQ(SqliteTable::open(file()).error().code, "DatabaseTooNew");
}

TEST_F(SqliteTableTest, AnotherProgramsFileIsLeftAlone) {
  tamper("CREATE TABLE t (x)");
  EXPECT_THAT(SqliteTable::open(file()).error().message, HasSubstr("another program made it"));
}

TEST_F(SqliteTableTest, AnItemThatCantBeRightIsAnError) {
  ASSERT_TRUE(open().replace("k", 0, "x").value());
  tamper("UPDATE item SET version = -1");
  EXPECT_EQ(open().read("k").error().code, "DatabaseCorrupted");
  EXPECT_EQ(table_->list("").error().code, "DatabaseCorrupted");
}

TEST_F(SqliteTableTest, AFullDiskIsAnErrorAndLosesNothing) {
  ASSERT_TRUE(open().replace("k", 0, "first").value());
  {
    FaultyDisk disk;
    disk.fill_up();
    const auto full = table_->replace("k", 1, "second");
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, "Database");
    EXPECT_EQ(table_->read("k").value().text, "first");
    disk.repair();
    EXPECT_TRUE(table_->replace("k", 1, "third").value());
  }
  EXPECT_EQ(open().read("k").value().text, "third");
}

}  // namespace
}  // namespace lamplighter::coordination
