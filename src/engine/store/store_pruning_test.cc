// How long the database keeps what has ended, and how it gives the room back.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/store/store.h"
#include "tests/support/store_fixture.h"

namespace lamplighter::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(StoreTest, PrunesTheOldestBeyondNumberAgeAndSize) {
  for (int i = 0; i < 6; ++i) end(add_history(std::to_string(i)), 1'000 * (i + 1));
  add_history("runs");
  const auto prune = [&](const Retention& retention) {
    EXPECT_TRUE(store_->begin());
    const auto pruned = store_->prune(retention, Time{Duration{3'600'000 + 2'500}});
    EXPECT_TRUE(store_->commit());
    return pruned->executions;
  };
  Retention retention;
  EXPECT_EQ(prune(retention), 0U);
  retention.age = std::chrono::hours{1};
  EXPECT_EQ(prune(retention), 2U);
  retention.executions = 3;
  EXPECT_EQ(prune(retention), 1U);
  EXPECT_THAT(names(), ElementsAre("runs", "5", "4", "3"));
  retention.bytes = 3 * ended_bytes("5") - 1;
  EXPECT_EQ(prune(retention), 1U);
  EXPECT_THAT(names(), ElementsAre("runs", "5", "4"));
}

TEST_F(StoreTest, WhatNobodyHasTakenNoteOfStaysUpToTwiceAsLong) {
  for (int i = 0; i < 6; ++i)
    ASSERT_TRUE(store_->end_execution(add_history(std::to_string(i)), ExecutionStatus::succeeded,
                                      Time{Duration{1'000 * (i + 1)}}));
  ASSERT_TRUE(store_->note("arn:1"));
  EXPECT_EQ(store_->unnoted(10)->size(), 5U);
  const auto prune = [&](const Retention& retention, Duration now) {
    EXPECT_TRUE(store_->begin());
    const auto pruned = store_->prune(retention, Time{now});
    EXPECT_TRUE(store_->commit());
    return pruned->executions;
  };
  const Retention hour{.age = std::chrono::hours{1}};
  EXPECT_EQ(prune(hour, std::chrono::hours{2}), 1U);
  EXPECT_THAT(names(), ElementsAre("5", "4", "3", "2", "0"));
  EXPECT_EQ(prune(hour, std::chrono::hours{2} + Duration{1'500}), 1U) << "whoever never comes has no say";
  EXPECT_EQ(prune(Retention{.executions = 1}, Duration{10'000}), 2U);
  EXPECT_THAT(names(), ElementsAre("5", "4"));
}

TEST_F(StoreTest, PrunesInShortStepsAndGivesTheRoomBack) {
  for (int i = 0; i < 12; ++i) {
    const auto id = add(std::to_string(i));
    auto large = event(1);
    large.payload = large_text(std::size_t{2} << 20, static_cast<char>('a' + i));
    ASSERT_TRUE(append(id, 0, {large}));
    end(id, i);
  }
  const auto pages = [&] {
    return SQLite::Database(file().string()).execAndGet("PRAGMA page_count").getInt();
  };
  const int before = pages();
  const Retention none{.executions = 0};
  std::size_t steps = 0;
  for (bool more = true; more; ++steps) {
    ASSERT_TRUE(store_->begin());
    const auto pruned = store_->prune(none, Time{Duration{2'000}});
    EXPECT_LE(pruned->executions, 2U) << "a step is short";
    more = pruned->more;
    ASSERT_TRUE(store_->commit());
  }
  EXPECT_GE(steps, 6U);
  EXPECT_THAT(names(), IsEmpty());
  EXPECT_EQ(SQLite::Database(file().string()).execAndGet("SELECT count(*) FROM history").getInt(), 0);
  for (bool more = true; more;) {
    ASSERT_TRUE(store_->begin());
    more = *store_->tidy();
    ASSERT_TRUE(store_->commit());
  }
  EXPECT_LT(pages(), before / 2);
}

TEST_F(StoreTest, RemembersHowLongExecutionsStay) {
  EXPECT_EQ(*store_->retention(), Retention{});
  const Retention week{.age = std::chrono::hours{24 * 7}, .bytes = 1'000'000};
  ASSERT_TRUE(store_->put_retention(week));
  open();
  EXPECT_EQ(*store_->retention(), week);
}

TEST_F(StoreTest, ARowThatCantBeRightIsNoReasonToRemoveAnything) {
  for (int i = 0; i < 6; ++i) end(add_history(std::to_string(i)), 1'000 * (i + 1));
  sql("UPDATE execution SET bytes = 9223372036854775807 WHERE name = '5'");
  sql("UPDATE execution SET ended = NULL WHERE name = '3'");
  sql("UPDATE execution SET ended = 'x' WHERE name = '2'");
  sql("UPDATE execution SET status = 77, ended = NULL WHERE name = '1'");
  ASSERT_TRUE(store_->begin());
  EXPECT_EQ(store_->prune(Retention{.age = std::chrono::hours{1}}, Time{Duration{3'600'500}})->executions, 0U)
      << "the operator has not seen it yet";
  EXPECT_TRUE(store_->commit());
}

TEST_F(StoreTest, LargeRunningExecutionsAreNoReasonToRemoveEndedOnes) {
  const auto large = add("large");
  for (int i = 0; i < 20; ++i) {
    auto part = event(i + 1);
    part.payload = large_text(100'000, static_cast<char>('a' + i));
    ASSERT_TRUE(append(large, i, {part}));
  }
  end(add_history("ended"), 1'000);
  Retention retention;
  retention.bytes = 1'000'000;
  ASSERT_TRUE(store_->begin());
  EXPECT_EQ(store_->prune(retention, Time{Duration{2'000}})->executions, 0U);
  ASSERT_TRUE(store_->commit());
}

TEST_F(StoreTest, DefinitionsOfWhatHasEndedCountForTheSize) {
  const auto add_of = [&](const std::string& name, std::int64_t definition) {
    ExecutionRow row;
    row.arn = "arn:" + name;
    row.name = name;
    row.definition = definition;
    row.started = Time{Duration{1'000}};
    end(*store_->add_execution(row), 1'000 * (std::stoi(name) + 1));
  };
  // A machine was changed twice: "0" and "1" are of its first definition, "2" of its second, "3" of the one
  // that it has.
  const auto first = *store_->put_definition(std::string(500'000, 'a'));
  const auto second = *store_->put_definition(std::string(500'000, 'b'));
  const auto last = *store_->put_definition(std::string(500'000, 'c'));
  StateMachine machine;
  machine.arn = machine.name = "machine";
  ASSERT_TRUE(store_->put_state_machine(machine, last));
  add_of("0", first);
  add_of("1", first);
  add_of("2", second);
  add_of("3", last);
  const auto prune = [&](std::uint64_t bytes) {
    EXPECT_TRUE(store_->begin());
    EXPECT_TRUE(store_->prune(Retention{.bytes = bytes}, Time{Duration{10'000}}));
    EXPECT_TRUE(store_->commit());
    return names();
  };
  EXPECT_THAT(prune(2'100'000), ElementsAre("3", "2", "1", "0")) << "all have room";
  EXPECT_THAT(prune(1'900'000), ElementsAre("3", "2"))
      << "the first definition goes with the last that had it";
  EXPECT_THAT(prune(1'100'000), ElementsAre("3", "2"));
  EXPECT_THAT(prune(100'000), ElementsAre("3")) << "the machine's own is none of theirs";
}

TEST_F(StoreTest, TidiesUpDefinitionsThatNobodyHas) {
  ExecutionRow row;
  row.arn = row.name = "a";
  row.definition = *store_->put_definition("used");
  ASSERT_TRUE(store_->add_execution(row));
  const auto unused = *store_->put_definition("unused");
  ASSERT_TRUE(store_->tidy());
  EXPECT_TRUE(store_->definition(row.definition));
  EXPECT_FALSE(store_->definition(unused));
}

}  // namespace
}  // namespace lamplighter::engine
