#include "run/book_scheduler.h"

#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "scheduler/occurrence_name.h"
#include "tests/support/mock_engine.h"
#include "tests/support/recorded_log.h"

namespace lamplighter::run {
namespace {

using std::chrono_literals::operator""s;
using testing::NiceMock;

constexpr auto kMachine = "arn:aws:states:us-east-1:123456789012:stateMachine:m";

class BookSchedulerTest : public testing::Test {
 protected:
  BookSchedulerTest() {
    ON_CALL(engine_, start_execution).WillByDefault([this](auto&, const std::string& name, auto&, auto&) {
      started_.push_back(name);
      if (meanwhile_) meanwhile_();
      return engine::Execution{};
    });
    EXPECT_TRUE(scheduler_.begin());
  }
  ~BookSchedulerTest() override { std::filesystem::remove_all(directory_); }

  static api::Schedule at(const std::string& moment) {
    api::Schedule schedule;
    schedule.name = "once";
    schedule.expression = fmt::format("at({})", moment);
    schedule.target.arn = kMachine;
    schedule.delete_after_completion = true;
    return schedule;
  }
  void pass(Duration duration) {
    clock_.sleep(duration);
    scheduler_.turn([] { return false; });
  }

  std::filesystem::path directory_ = [] {
    std::string pattern = testing::TempDir() + "/bookXXXXXX";
    return std::filesystem::path(::mkdtemp(pattern.data()));
  }();
  ManualClock clock_{*parse_time("2026-11-27T06:00:00Z")};
  std::unique_ptr<scheduler::Store> store_ = *scheduler::Store::open(directory_ / "schedules.sqlite");
  std::unique_ptr<api::Book> book_ = *api::Book::open(*store_, {"us-east-1", "123456789012"});
  NiceMock<api::MockEngine> engine_;
  RecordedLog log_;
  FleetsInForce fleets_;
  BookScheduler scheduler_{*book_, engine_, fleets_, {clock_, *store_, nullptr, log_}};
  std::vector<std::string> started_;
  std::function<void()> meanwhile_;
};

TEST_F(BookSchedulerTest, AChangeCountsFromTheMomentOfItsAnswer) {
  ASSERT_TRUE(book_->create(at("2026-11-27T06:00:10"), clock_.now()));
  pass(9s);
  ASSERT_TRUE(book_->update(at("2026-11-27T07:00:00"), clock_.now()));
  pass(1s);
  EXPECT_TRUE(started_.empty());
  ASSERT_TRUE(book_->remove("default", "once"));
  pass(std::chrono::hours(1));
  EXPECT_TRUE(started_.empty());
}

TEST_F(BookSchedulerTest, WhatIsChangedWhileItsLastOccurrenceStartsIsNotDeleted) {
  ASSERT_TRUE(book_->create(at("2026-11-27T06:00:10"), clock_.now()));
  meanwhile_ = [&] { ASSERT_TRUE(book_->update(at("2026-11-27T07:00:00"), clock_.now())); };
  pass(10s);
  meanwhile_ = nullptr;
  EXPECT_EQ(started_.size(), 1U);
  EXPECT_TRUE(book_->get("default", "once"));
  pass(std::chrono::hours(1));
  EXPECT_EQ(started_.size(), 2U);
  EXPECT_FALSE(book_->get("default", "once")) << "it is over";
}

TEST_F(BookSchedulerTest, ARateFiresAtOnceAndNotAgainWhenItsDescriptionChanges) {
  api::Schedule often = at("");
  often.expression = "rate(1 hour)";
  ASSERT_TRUE(book_->create(often, clock_.now()));
  pass(2s);
  EXPECT_EQ(started_.size(), 1U);
  often.description = "changed";
  ASSERT_TRUE(book_->update(often, clock_.now()));
  pass(60s);
  EXPECT_EQ(started_.size(), 1U);
}

TEST_F(BookSchedulerTest, OneThatWasDeletedAndMadeAnewIsAnother) {
  ASSERT_TRUE(book_->create(at("2026-11-27T06:00:10"), clock_.now()));
  pass(10s);
  pass(1s);                       // now it is gone,
  clock_.set(clock_.now() - 6s);  // and its execution is there, with the old input
  ASSERT_TRUE(book_->create(at("2026-11-27T06:00:10"), clock_.now()));
  pass(6s);
  ASSERT_EQ(started_.size(), 2U);
  EXPECT_NE(started_.front(), started_.back());
}

TEST_F(BookSchedulerTest, AFleetsOccurrenceHasAnotherName) {
  ASSERT_TRUE(book_->create(at("2026-11-27T06:00:10"), clock_.now()));
  pass(10s);
  ASSERT_EQ(started_.size(), 1U);
  EXPECT_NE(started_.front(),
            scheduler::occurrence_name("default", "once", *parse_time("2026-11-27T06:00:10Z")));
}

}  // namespace
}  // namespace lamplighter::run
