// Hours are counted from what has ended, once, whoever is killed in between; what isn't a fleet's is noted
// all the same.
#include "run/hours_keeper.h"

#include <fstream>
#include <mutex>

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hours/store.h"
#include "tests/support/engine_fixture.h"

namespace lamplighter::run {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class HoursKeeperTest : public engine::EngineTest {};

constexpr const char* kQuick = R"({"A": {"Type": "Succeed"}})";

TEST_F(HoursKeeperTest, WhatIsNoFleetsIsNotedAndCountsForNothing) {
  open();
  const auto machine = make(kQuick);
  for (int i = 0; i < 120; ++i) end_of(start(machine, "n" + std::to_string(i)));
  EXPECT_THAT(*engine_->unnoted(1'000), SizeIs(120));
  ASSERT_TRUE(count_hours(*engine_, clock_));
  EXPECT_THAT(*engine_->unnoted(1'000), IsEmpty());
  EXPECT_THAT(*(*hours::Store::open(hours::file_in(options_.state_dir)))->rows(Time{}, clock_.now()),
              IsEmpty());
}

TEST_F(HoursKeeperTest, CountsAfterEachEndAndWhatEndedBefore) {
  open();
  const auto machine = make(kQuick);
  end_of(start(machine, "before"));
  const HoursKeeper keeper(*engine_, clock_, [](const std::string& trouble) { ADD_FAILURE() << trouble; });
  EXPECT_TRUE(becomes([&] { return engine_->unnoted(10)->empty(); }));
  end_of(start(machine, "after"));
  EXPECT_TRUE(becomes([&] { return engine_->unnoted(10)->empty(); }));
}

TEST_F(HoursKeeperTest, ARowThatCantBeNotedEndsTheCountingAndNoMore) {
  open();
  const auto machine = make(kQuick);
  for (const auto* name : {"good", "damaged"}) end_of(start(machine, name));
  SQLite::Database(database().string(), SQLite::OPEN_READWRITE, 10'000)
      .exec("UPDATE execution SET arn = CAST(x'ff' AS TEXT) WHERE name = 'damaged'");
  ASSERT_TRUE(count_hours(*engine_, clock_));
  EXPECT_THAT(*engine_->unnoted(10), SizeIs(1));
}

TEST_F(HoursKeeperTest, ADamagedTableIsToldAndNothingIsNoted) {
  open();
  end_of(start(make(kQuick), "one"));
  std::ofstream(hours::file_in(options_.state_dir)) << std::string(4096, 'x');
  std::vector<std::string> told;
  std::mutex mutex;
  {
    const HoursKeeper keeper(*engine_, clock_, [&](const std::string& trouble) {
      const std::lock_guard lock(mutex);
      told.push_back(trouble);
    });
    EXPECT_TRUE(becomes([&] {
      const std::lock_guard lock(mutex);
      return !told.empty();
    }));
  }
  EXPECT_THAT(told.at(0), ::testing::HasSubstr("hours can't be counted"));
  EXPECT_THAT(*engine_->unnoted(10), SizeIs(1));
}

}  // namespace
}  // namespace lamplighter::run
