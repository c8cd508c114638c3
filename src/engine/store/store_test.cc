// The database: what it keeps, what it notices, and what a disk that fails leaves of it.
#include "engine/store/store.h"

#include <fstream>

#include <SQLiteCpp/SQLiteCpp.h>
#include <boost/crc.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/store/database.h"
#include "engine/store/state_directory.h"
#include "tests/support/faulty_disk.h"

namespace lamplighter::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::int64_t kChunkIds = std::int64_t{1} << 20;  ///< of one execution

Event event(std::int64_t id, EventType type = EventType::pass_state_entered) {
  Event out;
  out.id = id;
  out.type = type;
  out.details = {{"name", "A"}};
  out.payload = std::make_shared<const std::string>(std::string(300, 'x') + std::to_string(id));
  return out;
}

SharedText large_text(std::size_t bytes, char letter) {
  return std::make_shared<const std::string>(bytes, letter);
}

std::vector<std::int64_t> ids(const std::vector<Event>& events) {
  std::vector<std::int64_t> out;
  for (const auto& each : events) out.push_back(each.id);
  return out;
}

class StoreTest : public ::testing::Test {
 protected:
  StoreTest()
      : directory_(std::filesystem::path(::testing::TempDir()) /
                   fmt::format("store-{}-{}", ::getpid(),
                               ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    open();
  }
  /// What the ended execution `name` counts for.
  std::uint64_t ended_bytes(const std::string& name) const {
    SQLite::Database database((directory_ / "engine.db").string());
    return static_cast<std::uint64_t>(
        database.execAndGet("SELECT bytes FROM execution WHERE name = '" + name + "'").getInt64());
  }
  ~StoreTest() override {
    store_.reset();
    std::filesystem::remove_all(directory_);
  }

  [[nodiscard]] std::filesystem::path file() const { return directory_ / "engine.db"; }

  void open() {
    store_.reset();
    auto opened = Store::open(file());
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = *std::move(opened);
  }

  /// Changes the database behind the store's back.
  void sql(const std::string& statement) {
    SQLite::Database other(file().string(), SQLite::OPEN_READWRITE);
    EXPECT_GT(other.exec(statement), 0) << statement;
  }

  std::int64_t add(const std::string& name) {
    ExecutionRow row;
    row.arn = "arn:" + name;
    row.name = name;
    row.started = Time{Duration{1'000}};
    return *store_->add_execution(row);
  }

  Status append(std::int64_t id, std::int64_t sequence, const std::vector<Event>& events) {
    CHECK_OK(store_->begin());
    CHECK_OK(store_->append({id, sequence, events.back().id, 7, write_records(events)}));
    return store_->commit();
  }

  /// An execution with events 1 to 6 in three chunks, ended.
  std::int64_t add_history(const std::string& name) {
    const auto id = add(name);
    EXPECT_TRUE(append(id, 0, {event(1, EventType::execution_started), event(2)}));
    EXPECT_TRUE(append(id, 1, {event(3), event(4)}));
    EXPECT_TRUE(append(id, 2, {event(5), event(6, EventType::execution_succeeded)}));
    return id;
  }

  void end(std::int64_t id, int at) {
    EXPECT_TRUE(store_->end_execution(id, ExecutionStatus::succeeded, Time{Duration{at}}));
    EXPECT_TRUE(store_->note(store_->execution(id)->arn));
  }

  Result<std::vector<std::int64_t>> history(std::int64_t id) {
    std::vector<std::int64_t> out;
    TRY(store_->history(id, [&](const std::vector<Event>& events) -> Status {
      for (const auto& each : events) out.push_back(each.id);
      return {};
    }));
    return out;
  }

  std::vector<std::string> names() {
    std::vector<std::string> out;
    const auto rows = store_->executions({});
    EXPECT_TRUE(rows);
    for (const auto& row : *rows) out.push_back(row.name);
    return out;
  }

  std::filesystem::path directory_;
  std::unique_ptr<Store> store_;
};

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

TEST_F(StoreTest, AnExecutionThatNobodyCarriesOnCanBeAborted) {
  const auto id = add_history("a");
  ASSERT_TRUE(store_->abort_execution(id, "it is elsewhere", Time{Duration{2'000}}));
  EXPECT_EQ(store_->execution(id)->status, ExecutionStatus::aborted);
  EXPECT_EQ((*store_->last_event(id))->type, EventType::execution_aborted);
  EXPECT_TRUE(store_->running()->empty());
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
