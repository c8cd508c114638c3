// A store in a directory of its own, with executions to keep in it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/store/store.h"

namespace lamplighter::engine {

inline Event event(std::int64_t id, EventType type = EventType::pass_state_entered) {
  Event out;
  out.id = id;
  out.type = type;
  out.details = {{"name", "A"}};
  out.payload = std::make_shared<const std::string>(std::string(300, 'x') + std::to_string(id));
  return out;
}

inline SharedText large_text(std::size_t bytes, char letter) {
  return std::make_shared<const std::string>(bytes, letter);
}

inline std::vector<std::int64_t> ids(const std::vector<Event>& events) {
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

}  // namespace lamplighter::engine
