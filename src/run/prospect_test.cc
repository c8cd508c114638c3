#include "run/prospect.h"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "coordination/sqlite_table.h"
#include "run/cloud_access.h"
#include "tasks/admission/overrides.h"

namespace lamplighter::run {
namespace {

using std::chrono::hours;
using tasks::Action;
using tasks::Override;
using testing::EndsWith;
using testing::IsEmpty;
using testing::StartsWith;

/// dev, which an hourly schedule stops; what is decided stands in a state directory of its own.
class ProspectTest : public testing::Test {
 protected:
  ProspectTest()
      : directory_(std::filesystem::path(::testing::TempDir()) /
                   fmt::format("prospect-{}-{}", ::getpid(),
                               ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(directory_);
    where_.place.state_dir = directory_;
    where_.fleet.name = "f";
    where_.fleet.environments.push_back({"dev", "us-east-1", "", {}});
    fleet::Schedule schedule;
    schedule.name = "nights";
    schedule.action = Action::stop;
    schedule.expression = "cron(0 * ? * * *)";
    where_.fleet.schedules = {schedule};
    access_ = CloudAccess::make({}, clock_).value();
  }
  ~ProspectTest() override { std::filesystem::remove_all(directory_); }

  void decide(Override one) {
    std::filesystem::create_directories(directory_);
    const auto table = coordination::SqliteTable::open(coordination::file_in(directory_)).value();
    one.until = clock_.now() + hours(20);
    one.by = "ada";
    ASSERT_TRUE(tasks::Overrides(*table, "f").add(one, clock_.now()));
  }
  [[nodiscard]] Prospects prospects(Action action) {
    return prospects_of(where_, access_->session(), action, {}).value();
  }

  std::filesystem::path directory_;
  Overruling where_{};
  SystemClock clock_;
  std::unique_ptr<CloudAccess> access_;
};

TEST_F(ProspectTest, WhereNothingEverRanOnlyTheSchedulesSpeak) {
  const auto found = prospects(Action::stop);
  EXPECT_EQ(found.unknown, "");
  EXPECT_EQ(found.paused, "");
  const Prospect& dev = found.environments.at("dev");
  EXPECT_FALSE(dev.refused);
  EXPECT_EQ(dev.held + dev.kept, "");
  ASSERT_TRUE(dev.next);
  EXPECT_EQ(dev.next->schedule, "nights");
  EXPECT_EQ(dev.next->skipped, "");
  EXPECT_FALSE(std::filesystem::exists(directory_)) << "who only looks makes nothing";
}

TEST_F(ProspectTest, AKeepRefusesTheOppositeAndSkipsTheSchedule) {
  decide({.environments = {"dev"}, .wanted = Action::start});
  const Prospect stop = prospects(Action::stop).environments.at("dev");
  EXPECT_TRUE(stop.refused);
  EXPECT_THAT(stop.kept, StartsWith("kept running until "));
  EXPECT_THAT(stop.kept, EndsWith(" by ada: a stop would be refused unless --override"));
  EXPECT_THAT(stop.next->skipped, StartsWith("kept running until "));
  const Prospect start = prospects(Action::start).environments.at("dev");
  EXPECT_FALSE(start.refused);
  EXPECT_THAT(start.kept, EndsWith(" by ada"));
}

TEST_F(ProspectTest, APauseBindsSchedulesOnly) {
  decide({.kind = Override::Kind::pause});
  const auto found = prospects(Action::stop);
  EXPECT_THAT(found.paused, StartsWith("paused until "));
  EXPECT_FALSE(found.environments.at("dev").refused);
  EXPECT_THAT(found.environments.at("dev").next->skipped, StartsWith("paused until "));
}

TEST_F(ProspectTest, ALeaseWhoseExecutionIsGoneIsFree) {
  std::filesystem::create_directories(directory_);
  const auto table = coordination::SqliteTable::open(coordination::file_in(directory_)).value();
  tasks::Leases leases(*table, "f");
  tasks::Lease lease;
  lease.generation = 1;
  lease.holder = lease.newest = {"arn:aws:states:us-east-1:1:execution:f-start:gone", clock_.now()};
  lease.state = tasks::LeaseState::held;
  ASSERT_TRUE(leases.replace("dev", 0, lease).value());
  EXPECT_EQ(prospects(Action::stop).environments.at("dev").held, "");
}

TEST_F(ProspectTest, WhatCantBeReadIsUnknownAndNoError) {
  std::filesystem::create_directories(directory_.parent_path());
  std::ofstream(directory_) << "no directory";
  const auto found = prospects(Action::stop);
  EXPECT_THAT(found.unknown, testing::Not(IsEmpty()));
  EXPECT_TRUE(found.environments.at("dev").next) << "the file is known";
}

TEST_F(ProspectTest, JsonHasTheDocumentedKeys) {
  Prospect prospect;
  prospect.holder = {"arn:aws:states:us-east-1:1:execution:f-start:start-1",
                     parse_time("2026-11-27T20:00:00Z").value(), Action::start};
  json::object object;
  add_to(object, prospect);
  EXPECT_EQ(json_text(object),
            R"({"held_by":{"execution":"start-1","action":"start",)"
            R"("since":"2026-11-27T20:00:00.000Z"},"kept":"","refused":false,"next":null})");
}

}  // namespace
}  // namespace lamplighter::run
