// Looking, starting and stopping by way of the socket of the process that holds a state directory.
#include "run/holder_socket.h"

#include <future>
#include <latch>

#include <gmock/gmock.h>

#include "run/desk.h"
#include "run/event_feed.h"
#include "run/holder.h"
#include "tests/support/engine_fixture.h"

namespace lamplighter::run {
namespace {

using ::testing::ElementsAre;

constexpr const char* kPass = R"({"A": {"Type": "Pass", "End": true}})";
constexpr const char* kTask =
    R"({"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {}, "End": true}})";

class HolderSocketTest : public engine::EngineTest {
 protected:
  HolderSocketTest() {
    open();
    open_holder_socket();
  }

  void open_holder_socket() {
    auto opened =
        HolderSocket::open(*engine_, clock_, {socket_of(options_.state_dir), false, "start", access_});
    EXPECT_TRUE(opened) << opened.error().message;
    socket_ = *std::move(opened);
  }

  [[nodiscard]] std::unique_ptr<Desk> desk() const {
    auto opened = open_desk({options_.state_dir.string(), std::nullopt});
    EXPECT_TRUE(opened) << opened.error().message;
    return *std::move(opened);
  }

  Access access_{.profile = "ops", .endpoint = "", .region = "", .speed = 60};
  std::unique_ptr<HolderSocket> socket_;
};

TEST_F(HolderSocketTest, TellsWhoHoldsTheDirectory) {
  const auto found = desk();
  ASSERT_NE(found->holder(), nullptr);
  EXPECT_EQ(found->holder()->pid, ::getpid());
  EXPECT_EQ(found->holder()->verb, "start");
  EXPECT_EQ(found->holder()->access.profile, "ops");
  EXPECT_EQ(found->holder()->access.speed, 60);
}

TEST_F(HolderSocketTest, StartsAndSaysWhoDid) {
  const auto machine = make(kPass);
  const auto started = desk()->executions().start_execution(
      machine, "e", R"({"started_by":{"user":"mallory"}})", {{"user", "mallory"}});
  ASSERT_TRUE(started) << started.error().message;
  end_of(started->arn);
  const auto found = *engine_->describe_execution(started->arn);
  EXPECT_EQ(found.started_by.at("how"), "socket");
  EXPECT_EQ(found.started_by.at("uid"), ::geteuid());
  EXPECT_EQ(found.started_by.at("pid"), ::getpid());
  EXPECT_NE(found.started_by.at("user"), "mallory") << "the kernel's word, not the request's";
  EXPECT_EQ(desk()->executions().describe_execution(started->arn)->started_by, found.started_by);
}

TEST_F(HolderSocketTest, WhatIsSeenThroughItIsWhatTheEngineHas) {
  const auto first = start(make(kPass, "one"), "first");
  const auto second = start(make(kPass, "two"), "second", R"({"x":1})");
  end_of(first);
  end_of(second);
  const auto found = desk();
  auto& seen = found->executions();
  const auto listed = seen.list_executions({"", {}, 1'000, ""});
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed->items.size(), 2U);
  EXPECT_EQ(seen.describe_execution(second)->input, R"({"x":1})");
  EXPECT_EQ(*seen.execution_definition(first), *engine_->execution_definition(first));
  const auto ours = *engine_->history({first, 1'000, false, ""});
  const auto theirs = *seen.history({first, 1'000, false, ""});
  ASSERT_EQ(theirs.items.size(), ours.items.size());
  for (std::size_t i = 0; i < ours.items.size(); ++i)
    EXPECT_EQ(to_history_json(theirs.items[i]), to_history_json(ours.items[i]));
  EXPECT_EQ(seen.describe_execution("arn:nobody").error().code, "ExecutionDoesNotExist");
  EXPECT_EQ(seen.describe_execution("arn:nobody").error().kind, ErrorKind::bad_input);
}

TEST_F(HolderSocketTest, AFeedTellsWhatWasAppendedEachEventOnceAndInOrder) {
  std::latch go(1);
  tasks_.body = [&](const engine::TaskRequest&) -> engine::TaskResult {
    go.wait();
    return engine::make_payload(json::object{});
  };
  const auto arn = start(make(kTask));
  const auto found = desk();
  Progress progress({}, "run");
  std::vector<std::int64_t> ids;
  EventFeed feed(found->executions(), arn, progress,
                 [&](const engine::Event& event) { ids.push_back(event.id); });
  ASSERT_TRUE(becomes([&] { return !*feed.ask() && ids.size() >= 2; }));
  go.count_down();
  ASSERT_TRUE(becomes([&] { return *feed.ask(); }));
  std::vector<std::int64_t> all;
  const auto page = *engine_->history({arn, 1'000, false, ""});
  for (const auto& event : page.items) all.push_back(event.id);
  EXPECT_EQ(ids, all);
}

TEST_F(HolderSocketTest, AFeedKnowsBranchesApart) {
  const auto arn = start(make(R"({"A": {"Type": "Parallel", "End": true, "Branches": [
    {"StartAt": "B", "States": {"B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Pass", "End": true}}},
    {"StartAt": "D", "States": {"D": {"Type": "Pass", "End": true}}}]}})"));
  end_of(arn);
  const auto found = desk();
  Progress progress({}, "run");
  std::map<std::string, std::set<std::uint32_t>> strands;
  EventFeed feed(found->executions(), arn, progress, [&](const engine::Event& event) {
    const auto name = get_string(json::value(event.details), "name");
    if (!name.empty()) strands[name].insert(event.strand);
  });
  ASSERT_TRUE(*feed.ask());
  for (const auto* name : {"B", "C", "D"}) EXPECT_EQ(strands[name].size(), 1U) << name;
  EXPECT_EQ(strands["B"], strands["C"]);
  EXPECT_NE(strands["B"], strands["D"]);
}

TEST_F(HolderSocketTest, OnceItIsClosedWhoeverComesLooksForItself) {
  socket_.reset();
  engine_.reset();
  EXPECT_EQ(*desk_of_holder(options_.state_dir.string()), nullptr);
  const auto found = desk();
  EXPECT_EQ(found->holder(), nullptr);
  EXPECT_FALSE(found->is_worked_at(""));
}

TEST_F(HolderSocketTest, StaysOpenAsLongAsOthersExecutionsRun) {
  std::latch go(1);
  tasks_.body = [&](const engine::TaskRequest&) -> engine::TaskResult {
    go.wait();
    return engine::make_payload(json::object{});
  };
  const auto own = start(make(kTask, "own"), "own");
  ASSERT_TRUE(desk()->executions().start_execution(make(kTask, "theirs"), "theirs", "{}"));
  std::promise<std::set<std::string>> told;
  auto waiting = std::async(std::launch::async, [&] {
    socket_->wait_for_guests({own}, [&](const std::set<std::string>& names) { told.set_value(names); });
  });
  EXPECT_THAT(told.get_future().get(), ElementsAre("theirs"));
  EXPECT_TRUE(desk()->holder()) << "one can still look";
  go.count_down();
  EXPECT_EQ(waiting.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_FALSE(std::filesystem::exists(socket_of(options_.state_dir)));
}

}  // namespace
}  // namespace lamplighter::run
