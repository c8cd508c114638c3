#include "engine/store/state_directory.h"

#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lamplighter::engine {
namespace {

using ::testing::HasSubstr;

class StateDirectoryTest : public ::testing::Test {
 protected:
  StateDirectoryTest()
      : directory_(std::filesystem::path(::testing::TempDir()) /
                   fmt::format("state-{}-{}", ::getpid(),
                               ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(directory_);
  }
  ~StateDirectoryTest() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::filesystem::path file() const { return directory_ / "engine.db"; }

  std::filesystem::path directory_;
};

TEST_F(StateDirectoryTest, IsMadeForItsOwnerAlone) {
  const auto lock = DirectoryLock::take(directory_ / "deep" / "er");
  ASSERT_TRUE(lock);
  EXPECT_EQ(std::filesystem::status(directory_ / "deep" / "er").permissions(),
            std::filesystem::perms::owner_all);
}

TEST_F(StateDirectoryTest, OneThatIsOpenToOthersIsSaidAndLeft) {
  std::filesystem::create_directories(directory_);
  for (const unsigned mode : {0755U, 0750U, 0701U}) {
    std::filesystem::permissions(directory_, std::filesystem::perms(mode));
    const auto lock = DirectoryLock::take(directory_);
    EXPECT_THAT(openness_of(directory_), HasSubstr(fmt::format("found mode {:04o}", mode)));
    EXPECT_EQ(std::filesystem::status(directory_).permissions(), std::filesystem::perms(mode));
  }
  std::filesystem::permissions(directory_, std::filesystem::perms(0700));
  EXPECT_EQ(openness_of(directory_), "");
}

TEST_F(StateDirectoryTest, IsHeldByOneAtATime) {
  {
    auto lock = DirectoryLock::take(directory_);
    ASSERT_TRUE(lock);
    const auto moved = *std::move(lock);
    const auto second = DirectoryLock::take(directory_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, "StateDirectoryInUse");
    EXPECT_THAT(second.error().message, HasSubstr(std::to_string(::getpid())));
  }
  EXPECT_TRUE(DirectoryLock::take(directory_)) << "it was let go";
}

TEST_F(StateDirectoryTest, ThatCantBeMadeIsAnError) {
  std::ofstream(directory_.string()) << "a file";
  EXPECT_EQ(DirectoryLock::take(directory_).error().code, "StateDirectory");
}

TEST_F(StateDirectoryTest, AMissingOrEmptyDatabaseIsWell) {
  std::filesystem::create_directories(directory_);
  EXPECT_TRUE(check_database(file()));
  std::ofstream{file()};
  EXPECT_TRUE(check_database(file()));
}

TEST_F(StateDirectoryTest, APipeOrADirectoryIsRefusedAtOnce) {
  std::filesystem::create_directories(file());
  EXPECT_EQ(check_database(file()).error().code, "DatabaseCorrupted");
  std::filesystem::remove(file());
  ASSERT_EQ(::mkfifo(file().c_str(), 0600), 0);
  const auto refused = check_database(file());
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("it is no file"));
}

}  // namespace
}  // namespace lamplighter::engine
