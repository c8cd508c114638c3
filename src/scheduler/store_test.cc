#include "scheduler/store.h"

#include <filesystem>
#include <fstream>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/faulty_disk.h"

namespace lamplighter::scheduler {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

Time at(const std::string& text) { return parse_time(text).value(); }

class ScheduleStoreTest : public ::testing::Test {
 protected:
  ScheduleStoreTest()
      : directory_(std::filesystem::path(::testing::TempDir()) /
                   fmt::format("schedules-{}-{}", ::getpid(),
                               ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }
  ~ScheduleStoreTest() override {
    store_.reset();
    std::filesystem::remove_all(directory_);
  }

  [[nodiscard]] std::filesystem::path file() const { return directory_ / "schedules.sqlite"; }
  Store& open() {
    store_.reset();
    store_ = Store::open(file()).value();
    return *store_;
  }

  std::filesystem::path directory_;
  std::unique_ptr<Store> store_;
};

Progress progress_of(int day) {
  return {"cron(0 20 * * ? *) UTC",
          at("2026-11-01T00:00:00Z"),
          at(fmt::format("2026-11-{:02}T20:00:00Z", day)),
          at("2027-01-01T00:00:00Z"),
          {at(fmt::format("2026-11-{:02}T20:00:00Z", day))}};
}

TEST_F(ScheduleStoreTest, WhatNobodyServesAnyMoreIsForgotten) {
  for (const auto* fleet : {"f", "gone", ""}) {
    ASSERT_TRUE(open().replace(fleet, {{"evening", progress_of(1)}}));
    ASSERT_TRUE(store_->put_good_copy(std::string("/") + fleet, "fleet: x"));
  }
  const Time first = at("2026-11-01T00:00:00Z");
  ASSERT_TRUE(store_->serve({{"f", "/f"}}, first));
  ASSERT_TRUE(store_->serve({{"f", "/f"}}, first + kUnservedKept));
  EXPECT_THAT(store_->progress("gone").value(), SizeIs(1)) << "it may come back";
  ASSERT_TRUE(store_->serve({{"f", "/f"}}, first + kUnservedKept + Duration{1}));
  EXPECT_THAT(store_->progress("gone").value(), SizeIs(0));
  EXPECT_FALSE(store_->good_copy("/gone")->has_value());
  EXPECT_THAT(store_->progress("f").value(), SizeIs(1));
  EXPECT_THAT(store_->progress("").value(), SizeIs(1)) << "those of the API are nobody's file";
  EXPECT_TRUE(store_->good_copy("/f")->has_value());
}

TEST_F(ScheduleStoreTest, ADatabaseOfFormat1IsBroughtUpToDate) {
  ASSERT_TRUE(open().replace("f", {{"evening", progress_of(1)}}));
  store_.reset();
  SQLite::Database(file().string(), SQLite::OPEN_READWRITE)
      .exec("DROP TABLE served; PRAGMA user_version = 1");
  ASSERT_TRUE(open().serve({}, at("2026-11-01T00:00:00Z")));
  EXPECT_THAT(store_->progress("f").value(), SizeIs(1));
  store_.reset();
  EXPECT_TRUE(Store::open(file())) << "it has become what a new one is";
}

TEST_F(ScheduleStoreTest, KeepsEachFleetsSchedules) {
  ASSERT_TRUE(open().replace("f", {{"evening", progress_of(1)}, {"morning", progress_of(2)}}));
  ASSERT_TRUE(store_->replace("g", {{"evening", progress_of(3)}}));
  ASSERT_TRUE(store_->record("f", {{"evening", progress_of(4)}}, {}, at("2026-11-04T20:00:00Z")));
  ASSERT_TRUE(open().replace("g", {}));
  const auto known = store_->progress("f").value();
  ASSERT_THAT(known, SizeIs(2));
  EXPECT_EQ(known.at("evening").done_until, at("2026-11-04T20:00:00Z"));
  EXPECT_EQ(known.at("evening").first_seen, at("2026-11-01T00:00:00Z"));
  EXPECT_EQ(known.at("evening").identity, "cron(0 20 * * ? *) UTC");
  EXPECT_EQ(known.at("evening").settled_until, at("2027-01-01T00:00:00Z"));
  EXPECT_THAT(known.at("evening").started, SizeIs(1));
  EXPECT_THAT(store_->progress("g").value(), SizeIs(0));
}

TEST_F(ScheduleStoreTest, IsForItsOwnerAlone) {
  open();
  EXPECT_EQ(std::filesystem::status(file()).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(ScheduleStoreTest, KeepsWhatWasMissedForAYearAndTenThousandOfIt) {
  open();
  const Missed missed{"evening", at("2026-11-01T20:00:00Z"), at("2026-11-05T20:00:00Z"), 5,
                      false,     Missed::Why::superseded};
  const Time now = at("2026-11-06T00:00:00Z");
  ASSERT_TRUE(store_->record("f", {}, {missed}, now));
  const auto kept = store_->missed(10).value();
  ASSERT_THAT(kept, SizeIs(1));
  EXPECT_EQ(kept[0].fleet, "f");
  EXPECT_EQ(kept[0].recorded, now);
  EXPECT_EQ(kept[0].missed.count, 5);
  EXPECT_EQ(kept[0].missed.last, missed.last);
  EXPECT_EQ(kept[0].missed.why, Missed::Why::superseded);
  ASSERT_TRUE(store_->record("f", {}, std::vector<Missed>(kMissedKept + 7, missed), now));
  EXPECT_THAT(store_->missed(2 * kMissedKept).value(), SizeIs(kMissedKept));
  ASSERT_TRUE(store_->record("f", {}, {missed}, now + std::chrono::hours{24 * 366}));
  EXPECT_THAT(store_->missed(2 * kMissedKept).value(), SizeIs(1));
}

TEST_F(ScheduleStoreTest, KeepsTheLastGoodCopy) {
  EXPECT_EQ(open().good_copy("/etc/fleet.yaml").value(), std::nullopt);
  ASSERT_TRUE(store_->put_good_copy("/etc/fleet.yaml", "fleet: a"));
  ASSERT_TRUE(store_->put_good_copy("/etc/fleet.yaml", "fleet: b"));
  EXPECT_EQ(open().good_copy("/etc/fleet.yaml").value(), "fleet: b");
}

TEST_F(ScheduleStoreTest, DamageIsSaidAndNotWrittenTo) {
  std::ofstream(file()) << std::string(4096, 'x');
  const auto opened = Store::open(file());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "DatabaseCorrupted");
  EXPECT_EQ(std::filesystem::file_size(file()), 4096U);
}

TEST_F(ScheduleStoreTest, ANewerFormatIsLeftAlone) {
  open();
  store_.reset();
  SQLite::Database(file().string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
  EXPECT_EQ(Store::open(file()).error().code, "DatabaseTooNew");
}

TEST_F(ScheduleStoreTest, AnotherProgramsFileIsLeftAlone) {
  SQLite::Database(file().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE t (x)");
  EXPECT_THAT(Store::open(file()).error().message, HasSubstr("another program made it"));
}

TEST_F(ScheduleStoreTest, ARowThatCantBeRightIsAnError) {
  ASSERT_TRUE(open().replace("f", {{"evening", progress_of(1)}}));
  store_.reset();
  SQLite::Database(file().string(), SQLite::OPEN_READWRITE).exec("UPDATE schedule SET started = '12 x'");
  const auto read = open().progress("f");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, "DatabaseCorrupted");
  EXPECT_THAT(read.error().message, HasSubstr("evening"));
}

TEST_F(ScheduleStoreTest, AFullDiskIsAnErrorAndLosesNothing) {
  ASSERT_TRUE(open().replace("f", {{"evening", progress_of(1)}}));
  {
    FaultyDisk disk;
    disk.fill_up();
    const Status full = store_->record("f", {{"evening", progress_of(2)}}, {}, at("2026-11-02T20:00:00Z"));
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, "Database");
    EXPECT_EQ(store_->progress("f").value().at("evening").done_until, progress_of(1).done_until);
    disk.repair();
    EXPECT_TRUE(store_->record("f", {{"evening", progress_of(3)}}, {}, at("2026-11-03T20:00:00Z")));
  }
  EXPECT_EQ(open().progress("f").value().at("evening").done_until, progress_of(3).done_until);
}

}  // namespace
}  // namespace lamplighter::scheduler
