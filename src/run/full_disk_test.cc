// What can be looked at in a state directory whose disk is full, while nobody works there.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run/desk.h"
#include "run/executions.h"
#include "run/hours_kept.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/faulty_disk.h"

namespace lamplighter::run {
namespace {

using ::testing::HasSubstr;

class FullDiskTest : public engine::EngineTest {
 protected:
  /// One execution has ended there, and its hours were counted.
  void SetUp() override {
    open();
    end_of(start(make(R"({"A": {"Type": "Succeed"}})"), "one"));
    engine_.reset();
    auto store = hours::Store::open(hours::file_in(options_.state_dir)).value();
    const Time now = clock_.now();
    ASSERT_TRUE(
        store->add({{"f", "UTC", "dev", {{now - std::chrono::hours{1}, hours::State::running}}}}, now));
    store.reset();
    disk_.fill_up_below(options_.state_dir);
  }

  FaultyDisk disk_;
};

TEST_F(FullDiskTest, ExecutionsAreListed) {
  const auto desk = open_desk({options_.state_dir.string(), {}});
  ASSERT_TRUE(desk) << desk.error().message;
  const auto found = all_executions((*desk)->executions(), std::nullopt);
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().name, "one");
}

TEST_F(FullDiskTest, WhatIsToBeChangedIsRefusedAndTheFileNamed) {
  const auto desk = open_desk({options_.state_dir.string(), {}}, Purpose::change);
  ASSERT_FALSE(desk);
  EXPECT_EQ(desk.error().code, "Database") << "nothing is damaged";
  EXPECT_THAT(desk.error().message, HasSubstr(database().string()));
  EXPECT_THAT(desk.error().message, HasSubstr("full"));
}

TEST_F(FullDiskTest, HoursAreTold) {
  const auto rows = hours_kept({options_.state_dir.string(), {"dev"}, 7, {}});
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_GT(rows->back().hours.running, Duration::zero());
}

}  // namespace
}  // namespace lamplighter::run
