// The table of hours: added twice, late, by a clock that was wrong; kept for three years.
#include "hours/store.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace lamplighter::hours {
namespace {

using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Time at(const std::string& text) { return *parse_time(text); }

class HoursStoreTest : public ::testing::Test {
 protected:
  HoursStoreTest()
      : file_(std::filesystem::path(::testing::TempDir()) / fmt::format("hours-{}.sqlite", ::getpid())) {
    remove();
    store_ = *Store::open(file_);
  }
  ~HoursStoreTest() override {
    store_.reset();
    remove();
  }
  void remove() const {
    for (const auto* suffix : {"", "-wal", "-shm"})
      std::filesystem::remove(std::filesystem::path(file_).concat(suffix));
  }
  void add(const std::vector<Look>& looks, const std::string& now) {
    ASSERT_TRUE(store_->add({{"lower", "Europe/Berlin", "dev", looks}}, at(now)));
  }
  /// "2026-11-26 14h0m 4h0m 6h0m": running, stopped, unknown.
  std::vector<std::string> rows(const std::string& since, const std::string& now) {
    std::vector<std::string> out;
    const auto found = store_->rows(at(since), at(now));
    EXPECT_TRUE(found);
    for (const Row& row : *found) {
      const auto text = [](Duration time) {
        return std::chrono::duration<double, std::ratio<3600>>(time).count();
      };
      out.push_back(fmt::format("{} {} {} {}", row.day, text(row.hours.running), text(row.hours.stopped),
                                text(row.unknown())));
    }
    return out;
  }

  std::filesystem::path file_;
  std::unique_ptr<Store> store_;
};

TEST_F(HoursStoreTest, CountsWhatWasSeenAndSaysWhatIsNotKnown) {
  EXPECT_THAT(rows("2026-11-20T00:00:00Z", "2026-11-27T05:00:00Z"), IsEmpty());
  add({{at("2026-11-26T05:00:00Z"), State::running}}, "2026-11-26T06:00:00Z");
  add({{at("2026-11-26T19:00:00Z"), State::stopped}}, "2026-11-26T19:00:00Z");
  EXPECT_THAT(rows("2026-11-20T00:00:00Z", "2026-11-27T05:00:00Z"),
              ElementsAre("2026-11-26 14 4 6", "2026-11-27 0 6 0"));
  EXPECT_THAT(rows("2026-11-27T04:00:00Z", "2026-11-27T05:00:00Z"), ElementsAre("2026-11-27 0 6 0"));
}

TEST_F(HoursStoreTest, WhatIsAddedTwiceOrLateCountsOnce) {
  const std::vector<Look> start{{at("2026-11-25T05:00:00Z"), State::running}};
  const std::vector<Look> stop{{at("2026-11-25T19:00:00Z"), State::stopped}};
  const std::vector<Look> next{{at("2026-11-26T05:00:00Z"), State::running}};
  for (int twice = 0; twice < 2; ++twice) {
    for (const auto& looks : {start, next, stop, start}) add(looks, "2026-11-26T05:00:00Z");
  }
  EXPECT_THAT(rows("2026-11-20T00:00:00Z", "2026-11-26T06:00:00Z"),
              ElementsAre("2026-11-25 14 4 6", "2026-11-26 1 6 0"));
}

TEST_F(HoursStoreTest, AClockThatWasAheadLeavesNothing) {
  add({{at("2026-11-25T05:00:00Z"), State::running}}, "2026-11-25T05:00:00Z");
  add({{at("2027-11-25T05:00:00Z"), State::stopped}}, "2027-11-25T05:00:00Z");
  add({{at("2026-11-25T19:00:00Z"), State::stopped}}, "2026-11-25T19:00:00Z");
  EXPECT_THAT(rows("2026-11-20T00:00:00Z", "2026-11-25T23:00:00Z"), ElementsAre("2026-11-25 14 4 6"));
}

TEST_F(HoursStoreTest, DaysAreKeptForThreeYearsAndLooksForAsLongAsOneMayBeLate) {
  Time day = at("2022-01-01T05:00:00Z");
  Seen month{"lower", "UTC", "dev", {}};
  for (; day < at("2026-01-01T00:00:00Z"); day += hours{24}) {
    month.looks.push_back({day, State::running});
    month.looks.push_back({day + hours{10}, State::stopped});
    if (month.looks.size() < 60) continue;
    ASSERT_TRUE(store_->add({month}, day + hours{11}));
    month.looks.clear();
  }
  const auto found = store_->rows(Time{}, day);
  EXPECT_EQ(found->front().day, "2023-01-01");
  EXPECT_EQ(found->at(3).hours, (Hours{hours{10}, hours{14}}));
  SQLite::Database database(file_.string());
  EXPECT_LE(database.execAndGet("SELECT count(*) FROM day").getInt(), 3 * 365 + 2);
  EXPECT_LE(database.execAndGet("SELECT count(*) FROM look").getInt(), 2 * (95 + 30));
  ASSERT_TRUE(store_->add({{"other", "UTC", "dev", {}}}, day + hours{24 * 365 * 4}));
  EXPECT_EQ(database.execAndGet("SELECT count(*) FROM day").getInt(), 0)
      << "a fleet that nobody runs goes too";
  EXPECT_EQ(database.execAndGet("SELECT count(*) FROM look").getInt(), 0);
}

TEST_F(HoursStoreTest, IsItsOwners) {
  EXPECT_EQ(std::filesystem::status(file_).permissions(), std::filesystem::perms(0600));
}

}  // namespace
}  // namespace lamplighter::hours
