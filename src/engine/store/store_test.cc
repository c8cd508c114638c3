// The database: what it keeps, what it notices, and what a disk that fails leaves of it.
#include "engine/store/store.h"

#include <boost/crc.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/faulty_disk.h"
#include "tests/support/store_fixture.h"

namespace lamplighter::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::int64_t kChunkIds = std::int64_t{1} << 20;  ///< of one execution

TEST_F(StoreTest, GivesAHistoryBackAsItWas) {
  const auto id = add_history("a");
  EXPECT_THAT(*history(id), ElementsAre(1, 2, 3, 4, 5, 6));
  std::vector<Event> events;
  const auto chunks = store_->history(id, [&](const std::vector<Event>& chunk) -> Status {
    events.insert(events.end(), chunk.begin(), chunk.end());
    return {};
  });
  EXPECT_EQ(*chunks, 3);
  EXPECT_EQ(events.at(3).details, event(4).details);
  EXPECT_EQ(*events.at(3).payload, *event(4).payload);
}

TEST_F(StoreTest, PagesFromAnyEventBothWays) {
  const auto id = add_history("a");
  const auto forward = store_->events(id, 2, false, 3);
  EXPECT_THAT(ids(forward->items), ElementsAre(2, 3, 4));
  EXPECT_EQ(forward->next, "5");
  const auto backward = store_->events(id, 4, true, 3);
  EXPECT_THAT(ids(backward->items), ElementsAre(4, 3, 2));
  EXPECT_EQ(backward->next, "1");
  EXPECT_EQ(store_->events(id, 1, true, 3)->next, "");
  EXPECT_THAT(store_->events(id, 7, false, 3)->items, IsEmpty());
}

TEST_F(StoreTest, APageIsBoundedInBytesToo) {
  const auto id = add("large");
  for (int i = 0; i < 3; ++i) {
    auto large = event(i + 1);
    large.payload = large_text(std::size_t{3} << 19, static_cast<char>('a' + i));
    ASSERT_TRUE(append(id, i, {large}));
  }
  const auto page = store_->events(id, 1, false, 100);
  EXPECT_THAT(ids(page->items), ElementsAre(1, 2));
  EXPECT_THAT(ids(store_->events(id, std::stoll(page->next), false, 100)->items), ElementsAre(3));
}

/// What damage may look like, as a statement that does it to the execution `b`.
class DamageTest : public StoreTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(DamageTest, IsNoticedAndConcernsNobodyElse) {
  add_history("a");
  const auto b = add_history("b");
  const auto reader = *Store::open(file());
  sql(fmt::format(fmt::runtime(GetParam()), fmt::arg("first", b * kChunkIds),
                  fmt::arg("second", b * kChunkIds + 1)));
  const auto read = history(b);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, kDamaged);
  const auto page = reader->events(b, 1, false, 100);
  EXPECT_EQ(page.error().code, kDamaged);
  EXPECT_EQ(reader->events(b, INT64_MAX, true, 100).error().code, kDamaged);

  EXPECT_THAT(*history(1), ElementsAre(1, 2, 3, 4, 5, 6));
  const auto c = add_history("c");
  EXPECT_EQ(reader->execution(c)->name, "c") << "the reader must not stay at an old state";
  EXPECT_EQ(reader->executions({})->size(), 3U);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, DamageTest,
    ::testing::Values(
        "UPDATE history SET records = substr(records, 1, 100) WHERE id = {second}",
        "UPDATE history SET records = substr(records, 1, 7) WHERE id = {second}",
        "UPDATE history SET records = x'' WHERE id = {second}",
        "UPDATE history SET records = 7 WHERE id = {second}",
        "UPDATE history SET records = 'deadbeef[]' WHERE id = {second}",
        "UPDATE history SET records = '00000000{{\"a\":1}}' WHERE id = {second}",
        "UPDATE history SET records = (SELECT records FROM history WHERE id = {first}) WHERE id = {second}",
        "UPDATE history SET last_event = 'x' WHERE id = {second}", "DELETE FROM history WHERE id = {second}",
        "DELETE FROM history WHERE id = {first}"));

TEST_F(StoreTest, AHistoryOfWhichOnlyNotesAreLeftIsDamaged) {
  const auto id = add("a");
  ASSERT_TRUE(append(id, 0, {event(1, EventType::execution_started), event(2)}));
  auto note = event(0);
  ASSERT_TRUE(store_->begin());
  ASSERT_TRUE(store_->append({id, 1, 2, 7, write_records({note})}));
  ASSERT_TRUE(store_->commit());
  sql(fmt::format("DELETE FROM history WHERE id = {}", id * kChunkIds));
  EXPECT_EQ(store_->events(id, 1, false, 100).error().code, kDamaged);
}

TEST_F(StoreTest, AHistoryThatIsGoneIsNoticed) {
  const auto id = add("a");
  EXPECT_EQ(history(id).error().code, kDamaged);
}

TEST_F(StoreTest, EventsOfAnotherKindOfProgramAreRefused) {
  for (const std::string text :
       {R"([[1,0,0,"T",0]])", R"([[1,0,0,"T",0,[],{}]])", R"([[1,0,0,7,0,{},{}]])",
        R"([[1,0,0,"T",0,{"input":[0,0,"",0]},{}]])", R"([[-1.5,0,0,"T",0,{},{}]])"}) {
    boost::crc_32_type checksum;
    checksum.process_bytes(text.data(), text.size());
    EXPECT_FALSE(read_records(fmt::format("{:08x}{}", checksum.checksum(), text))) << text;
  }
}

TEST_F(StoreTest, AStatusThatIsUnknownIsRefused) {
  for (const auto* name : {"a", "b", "c", "d"}) add(name);
  sql("UPDATE execution SET status = 7 WHERE name = 'b'");
  sql("UPDATE execution SET status = -1, ended = 5 WHERE name = 'c'");
  sql("UPDATE execution SET status = 1 WHERE name = 'd'");
  const auto rows = store_->executions({});
  ASSERT_EQ(rows->size(), 4U);
  for (const auto& row : *rows) {
    if (row.name == "a") {
      EXPECT_EQ(row.damage, "");
      continue;
    }
    EXPECT_EQ(row.status, ExecutionStatus::failed) << row.name;
    EXPECT_TRUE(row.ended) << row.name;
    EXPECT_THAT(row.damage, HasSubstr("status")) << row.name;
  }
}

TEST_F(StoreTest, ATimeThatIsNoneIsRefused) {
  add("a");
  sql("UPDATE execution SET started = 9223372036854775807");
  const auto row = store_->executions({})->at(0);
  EXPECT_THAT(row.damage, HasSubstr("time"));
  EXPECT_EQ(row.started, Time{}) << "it can be shown";
}

/// What may stand where the next execution's number and its history's place come from.
class NextNumberTest : public StoreTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(NextNumberTest, NothingStandsInANewExecutionsWay) {
  add_history("a");
  add_history("b");
  sql(GetParam());
  for (const auto* name : {"c", "d"}) {
    const auto id = add_history(name);
    EXPECT_THAT(*history(id), ElementsAre(1, 2, 3, 4, 5, 6)) << id;
    end(id, 5'000);
    EXPECT_EQ(store_->execution(id)->damage, "");
  }
  EXPECT_THAT(*history(1), ElementsAre(1, 2, 3, 4, 5, 6));
  ASSERT_TRUE(store_->begin());
  EXPECT_EQ(store_->prune(Retention{.age = std::chrono::hours{1}}, Time{Duration{3'609'000}})->executions,
            2U);
  EXPECT_TRUE(store_->commit());
  EXPECT_EQ(names().size(), 2U) << "a row that is damaged stays";
}

INSTANTIATE_TEST_SUITE_P(Kinds, NextNumberTest,
                         ::testing::Values("UPDATE execution SET id = 8796093022208 WHERE id = 2",
                                           "UPDATE execution SET id = 8796093022207 WHERE id = 2",
                                           "UPDATE execution SET id = 9223372036854775807 WHERE id = 2",
                                           "UPDATE execution SET id = -7 WHERE id = 2",
                                           "UPDATE execution SET id = 0 WHERE id = 2",
                                           "UPDATE sqlite_sequence SET seq = 9223372036854775807",
                                           "UPDATE sqlite_sequence SET seq = 8796093022207",
                                           "UPDATE sqlite_sequence SET seq = 'x'",
                                           "DELETE FROM sqlite_sequence",
                                           "UPDATE history SET id = 3145729 WHERE id = 2097154"));

TEST_F(StoreTest, AnExecutionWhoseHistoryIsDamagedCanBeEnded) {
  const auto id = add_history("a");
  sql(fmt::format("DELETE FROM history WHERE id = {}", id * kChunkIds + 1));
  ASSERT_TRUE(store_->fail_execution(id, "it is damaged", Time{Duration{2'000}}));
  const auto last = store_->last_event(id);
  ASSERT_TRUE(last) << last.error().message;
  EXPECT_EQ((*last)->id, 7);
  EXPECT_EQ((*last)->details.at("cause").as_string(), "it is damaged");
  EXPECT_EQ(store_->execution(id)->status, ExecutionStatus::failed);
  const auto empty = add("b");
  ASSERT_TRUE(store_->fail_execution(empty, "it is gone", Time{Duration{2'000}}));
  EXPECT_THAT(*history(empty), ElementsAre(1));
}

TEST_F(StoreTest, ADamagedHistoryIsEndedWithinItsOwnRoom) {
  const auto id = add_history("a");
  add_history("b");
  sql(fmt::format("UPDATE history SET id = {}, last_event = 9223372036854775807 WHERE id = {}",
                  (id + 1) * kChunkIds - 1, id * kChunkIds + 2));
  ASSERT_TRUE(store_->fail_execution(id, "it is damaged", Time{Duration{2'000}}));
  EXPECT_EQ((*store_->last_event(id))->details.at("cause").as_string(), "it is damaged");
  EXPECT_THAT(*history(2), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(StoreTest, TextThatIsNoUtf8LeavesItMended) {
  add("a");
  sql("UPDATE execution SET name = CAST(x'ff41' AS TEXT)");
  EXPECT_THAT(names(), ElementsAre("\uFFFDA"));
  StateMachine machine;
  machine.arn = machine.name = "m";
  ASSERT_TRUE(store_->put_state_machine(machine, *store_->put_definition("{}")));
  sql("UPDATE state_machine SET name = x'ff42'");
  EXPECT_EQ(store_->state_machine("m")->value().name, "\uFFFDB");
}

TEST_F(StoreTest, AMissingDefinitionConcernsItsMachineOnly) {
  const auto definition = *store_->put_definition("{}");
  for (const auto* name : {"a", "b"}) {
    StateMachine machine;
    machine.arn = machine.name = name;
    ASSERT_TRUE(store_->put_state_machine(machine, name == std::string("a") ? definition : 77));
  }
  EXPECT_EQ(store_->state_machine("b").error().code, kDamaged);
  EXPECT_TRUE(store_->state_machine("a"));
  EXPECT_EQ(store_->state_machines(10, "")->size(), 2U);
  sql("UPDATE state_machine SET extras = '{' WHERE arn = 'a'");
  EXPECT_EQ(store_->state_machine("a").error().code, kDamaged)
      << "its tags would be lost with the next change";
}

TEST_F(StoreTest, NothingOfARoundIsKeptOnceOneWriteHasFailed) {
  add_history("a");
  FaultyDisk disk;
  // SQLite writes what no longer fits its cache before the commit, and rolls back by itself where that fails.
  const std::vector<Event> large{[] {
    auto out = event(1);
    out.payload = large_text(std::size_t{40} << 20, 'x');
    return out;
  }()};
  for (const bool full : {true, false}) {
    ASSERT_TRUE(store_->begin());
    add("b");
    full ? disk.fill_up(3) : disk.fail(3);
    const auto failed = store_->append({2, 0, 1, 0, write_records(large)});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, "Database");
    disk.repair();
    EXPECT_FALSE(store_->append({2, 1, 2, 0, write_records({event(2)})})) << "it would commit by itself";
    EXPECT_EQ(store_->commit().error().message, failed.error().message);
    store_->rollback();
    EXPECT_THAT(names(), ElementsAre("a"));
  }
  EXPECT_TRUE(append(1, 3, {event(7)})) << "and all is well again";
  EXPECT_THAT(*history(1), ElementsAre(1, 2, 3, 4, 5, 6, 7));
}

TEST_F(StoreTest, WhatWasTornIsNotThereAndWhatWasCommittedIs) {
  const auto id = add_history("a");
  for (const int writes : {0, 1}) {  // a frame is a header and a page
    {
      FaultyDisk disk;
      disk.tear(writes);
      EXPECT_FALSE(append(id, 3, {event(7)})) << writes;
      store_.reset();
    }
    open();
    EXPECT_THAT(*history(id), ElementsAre(1, 2, 3, 4, 5, 6)) << writes;
  }
}

TEST_F(StoreTest, AnExecutionThatNobodyCarriesOnCanBeAborted) {
  const auto id = add_history("a");
  ASSERT_TRUE(store_->abort_execution(id, "it is elsewhere", Time{Duration{2'000}}));
  EXPECT_EQ(store_->execution(id)->status, ExecutionStatus::aborted);
  EXPECT_EQ((*store_->last_event(id))->type, EventType::execution_aborted);
  EXPECT_TRUE(store_->running()->empty());
}

}  // namespace
}  // namespace lamplighter::engine
