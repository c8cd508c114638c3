#include "run/progress.h"

#include <gmock/gmock.h>

#include "fleet/parse.h"
#include "run/order.h"
#include "tasks/protocol/unmute.h"
#include "tests/support/event_of.h"

namespace lamplighter::run {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using Status = PhaseProgress::Status;

constexpr Time kStart{seconds(1'800'000'000)};

RunOrder order() {
  const auto parsed = fleet::parse(R"(
fleet: small
region: us-east-1
environments:
  dev: {phases: [{name: db, servers: [d1, d2], settle: 2m}, {name: app, servers: [d3]}]}
  test: {phases: [{name: db, servers: [t1]}]}
notify: {sns: mailme}
)");
  EXPECT_TRUE(parsed.errors.empty());
  return make_order(parsed.fleet, tasks::Action::start, {}, kStart).value();
}

/// A picture that is told events as the engine appends them, a second apart. Strand 1 is dev's branch.
class ProgressTest : public testing::Test {
 protected:
  void tell(const std::string& type, json::object details, std::uint32_t strand = 1) {
    engine::Event event = engine::event_of(type, std::move(details));
    event.id = ++told_;
    event.time = kStart + seconds(told_);
    event.strand = strand;
    progress_.apply({event});
  }
  void enter(const std::string& type, const std::string& state) {
    tell(type + "StateEntered", {{"name", state}});
  }
  void exit(const std::string& type, const std::string& state, const json::value& output) {
    tell(type + "StateExited", {{"name", state}, {"output", json_text(output)}});
  }
  /// What a look at a phase answers.
  static tasks::ReconcileAnswer answer(tasks::PhaseStatus status, std::size_t ready) {
    tasks::ReconcileAnswer answer;
    answer.status = answer.phase.status = status;
    answer.phase.name = "db";
    answer.phase.servers_ready = ready;
    answer.phase.servers_total = 2;
    return answer;
  }
  /// A look at dev's phase `index` that answers so.
  void look(std::size_t index, const tasks::ReconcileAnswer& answer) {
    enter("Task", shape(index).task_state);
    exit("Task", shape(index).task_state, to_json(answer));
  }

  [[nodiscard]] const machine::PhaseShape& shape(std::size_t index) const {
    return order_.shape.environments.front().phases[index];
  }
  [[nodiscard]] EnvironmentProgress dev() const { return progress_.now().environments.front(); }
  [[nodiscard]] PhaseProgress phase(std::size_t index) const { return dev().phases[index]; }
  [[nodiscard]] Time last() const { return kStart + seconds(told_); }

  RunOrder order_ = order();
  Progress progress_{order_.shape, "start-1"};
  std::int64_t told_ = 0;
};

TEST_F(ProgressTest, BeforeTheFirstEventAllIsToCome) {
  const auto run = progress_.now();
  EXPECT_EQ(run.fleet, "small");
  EXPECT_EQ(run.execution, "start-1");
  ASSERT_EQ(run.environments.size(), 2U);
  EXPECT_EQ(run.environments[1].name, "test");
  EXPECT_THAT(std::vector({phase(0).name, phase(1).name}), ElementsAre("db", "app"));
  EXPECT_EQ(phase(0).status, Status::to_come);
  EXPECT_EQ(dev().current(), nullptr);
}

TEST_F(ProgressTest, ALookTellsHowManyAreReadyAndWhatIsWaitedFor) {
  tell("ExecutionStarted", {}, 0);
  EXPECT_EQ(progress_.now().started, last());
  enter("Task", shape(0).task_state);
  const Time begun = last();
  EXPECT_EQ(phase(0).status, Status::working);
  auto waiting = answer(tasks::PhaseStatus::waiting, 1);
  waiting.phase.waiting_for = "d2 (boot)";
  exit("Task", shape(0).task_state, to_json(waiting));
  waiting.phase.waiting_for = "d2 (checks)";
  look(0, waiting);
  EXPECT_EQ(phase(0).ready, 1);
  EXPECT_EQ(phase(0).total, 2);
  EXPECT_EQ(phase(0).waiting_for, "d2 (checks)");
  EXPECT_EQ(phase(0).started, begun) << "the first look's";
  EXPECT_FALSE(phase(0).ended);
  EXPECT_EQ(dev().current()->name, "db");
}

TEST_F(ProgressTest, WhatWasAsItIsToBeIsToldApart) {
  auto before = answer(tasks::PhaseStatus::ready, 2);
  look(0, before);
  before.phase.changed = 1;
  look(1, before);
  EXPECT_TRUE(phase(0).unchanged);
  EXPECT_FALSE(phase(1).unchanged);
  EXPECT_FALSE(dev().unchanged());
}

TEST_F(ProgressTest, ServersThatAreAnothersAreNamed) {
  tasks::Memberships members;
  members["db"].left_alone["belongs to the Auto Scaling group web"] = {"i-0123456789abcdef0"};
  members["app"].first_states["stopped"] = {"i-0123456789abcdef1"};
  tell("TaskStateExited", {{"name", order_.shape.environments.front().admit_state},
                           {"assignedVariables", json::object{{"members", json_text(to_json(members))}}},
                           {"output", "{}"}});
  EXPECT_THAT(phase(0).left_alone,
              ElementsAre("i-0123456789abcdef0: belongs to the Auto Scaling group web, and is left alone"));
  EXPECT_THAT(phase(1).left_alone, testing::IsEmpty());
  tell("TaskStateExited", {{"name", order_.shape.environments.front().admit_state},
                           {"assignedVariables", json::object{{"members", "7"}}},
                           {"output", "{}"}});
  EXPECT_EQ(phase(0).left_alone.size(), 1U) << "what another version says is passed over";
}

TEST_F(ProgressTest, AReadyPhaseSettlesBeforeTheNextBegins) {
  look(0, answer(tasks::PhaseStatus::ready, 2));
  EXPECT_EQ(phase(0).status, Status::ready);
  EXPECT_EQ(phase(0).ended, last());
  enter("Wait", shape(0).settle_state);
  EXPECT_EQ(phase(0).status, Status::settling);
  EXPECT_EQ(phase(0).settled_at, last() + seconds(120));
  tell("WaitStateExited", {{"name", shape(0).settle_state}, {"output", "{}"}});
  EXPECT_EQ(phase(0).status, Status::ready);
  EXPECT_FALSE(phase(0).settled_at);
  EXPECT_EQ(phase(1).status, Status::to_come);
}

TEST_F(ProgressTest, AnAttemptThatFailedSaysWhyItIsTriedAgain) {
  enter("Task", shape(0).task_state);
  tell("TaskFailed",
       {{"error", "Throttling"}, {"cause", R"({"errorMessage":"slow down","errorType":"Throttling"})"}});
  EXPECT_EQ(phase(0).waiting_for, "another try after Throttling: slow down");
  EXPECT_EQ(phase(0).status, Status::working);
  tell("TaskTimedOut", {{"error", "States.Timeout"}});
  EXPECT_EQ(phase(0).waiting_for, "another try after States.Timeout");
}

TEST_F(ProgressTest, KnowsOnlyTheEnvironmentsThatWereNamed) {
  const auto some = make_order(order_.fleet, tasks::Action::start, {"test"}, kStart).value();
  EXPECT_EQ(json_text(some.input), R"({"environments":["test"]})");
  EXPECT_EQ(chosen_in(some.input), std::vector<std::string>{"test"});
  Progress progress(some.shape, "start-2");
  ASSERT_EQ(progress.now().environments.size(), 1U);
  EXPECT_EQ(progress.now().environments[0].name, "test");
  EXPECT_EQ(make_order(order_.fleet, tasks::Action::start, {"prod"}, kStart).error().code,
            "UnknownEnvironment");
}

TEST_F(ProgressTest, ASkippedEnvironmentSaysWhoDecidedSo) {
  tasks::BranchEnd end;
  end.environment = "dev";
  end.skipped = true;
  end.reason = "kept running until 22:00 (UTC) by ada: release";
  exit("Pass", "dev is skipped", to_json(end));
  EXPECT_EQ(dev().status, EnvironmentProgress::Status::skipped);
  EXPECT_EQ(dev().reason, end.reason);
  EXPECT_EQ(phase(0).status, Status::not_touched);
}

TEST_F(ProgressTest, AHaltedEnvironmentNamesItsPhaseAndLeavesTheOthersUntouched) {
  auto failed = answer(tasks::PhaseStatus::failed, 1);
  failed.phase.reason = "d2: no capacity";
  look(0, failed);
  EXPECT_EQ(phase(0).reason, "d2: no capacity");
  tasks::BranchEnd end;
  end.environment = "dev";
  end.halted = true;
  end.phase = "db";
  end.reason = "d2: no capacity";
  exit("Pass", "Halt dev", to_json(end));
  EXPECT_EQ(dev().status, EnvironmentProgress::Status::halted);
  EXPECT_EQ(dev().reason, "d2: no capacity");
  EXPECT_EQ(dev().ended, last());
  EXPECT_EQ(phase(0).status, Status::failed);
  EXPECT_EQ(phase(1).status, Status::not_touched);
  EXPECT_EQ(progress_.now().environments[1].status, EnvironmentProgress::Status::running);
  ASSERT_EQ(progress_.branch_ends().size(), 1U);
}

TEST_F(ProgressTest, WhatWasToldBeforeIsPassedOver) {
  look(0, answer(tasks::PhaseStatus::ready, 2));
  engine::Event old = engine::event_of("TaskStateEntered", {{"name", shape(0).task_state}});
  old.id = 1;
  progress_.apply({old});
  EXPECT_EQ(phase(0).status, Status::ready);
}

TEST_F(ProgressTest, TheReportsAnswerIsKeptAndItsTroublesAreTold) {
  enter("Task", "Report");
  EXPECT_TRUE(progress_.now().reporting);
  tell("TaskFailed", {{"error", "AuthorizationError"}, {"cause", "not allowed"}});
  EXPECT_EQ(progress_.now().reporting_trouble, "AuthorizationError: not allowed");
  EXPECT_EQ(progress_.report_failure(), "AuthorizationError: not allowed");
  tasks::ReportAnswer answer;
  answer.subject = "START STATUS: SUCCESS";
  exit("Task", "Report", to_json(answer));
  ASSERT_TRUE(progress_.report());
  EXPECT_EQ(progress_.report()->subject, "START STATUS: SUCCESS");
  EXPECT_EQ(progress_.report_failure(), "");
}

TEST_F(ProgressTest, AFailedExecutionSaysWhy) {
  tell("ExecutionFailed", {{"error", "States.Runtime"}, {"cause", "no such field"}}, 0);
  EXPECT_EQ(progress_.now().failure, "States.Runtime: no such field");
  EXPECT_EQ(progress_.now().ended, last());
}

TEST_F(ProgressTest, TheRunEndsAtItsReportAndThenItsAlarmsFollow) {
  tell("ExecutionStarted", {}, 0);
  enter("Task", "Report");
  EXPECT_FALSE(progress_.unmuting());
  enter("Task", "Unmute alarms");
  const Time reported = last();
  EXPECT_EQ(progress_.now().ended, reported);
  ASSERT_TRUE(progress_.unmuting());
  const tasks::UnmuteAnswer said{false, 75, 1, {"d1-cpu"}, {"d2-cpu could not be enabled (AccessDenied: no)"},
                                 {}};
  tell("TaskSucceeded", {{"output", json_text(json::object{{"Payload", to_json(said)}})}}, 0);
  EXPECT_EQ(progress_.unmuting()->left, said.left);
  EXPECT_EQ(progress_.unmuting()->troubles, said.troubles);
  EXPECT_EQ(progress_.unmuting()->enabled, 1);
  EXPECT_TRUE(progress_.unmuting()->looked);
  EXPECT_FALSE(progress_.unmuting()->over);
  enter("Task", "Unmute alarms");
  tasks::UnmuteAnswer blind;
  blind.troubles = {"alarms in us-east-1 could not be enabled (InternalFailure: no)"};
  tell("TaskSucceeded", {{"output", json_text(json::object{{"Payload", to_json(blind)}})}}, 0);
  EXPECT_EQ(progress_.unmuting()->left, said.left) << "of them it tells nothing";
  EXPECT_EQ(progress_.unmuting()->troubles, blind.troubles);
  tell("ExecutionSucceeded", {}, 0);
  EXPECT_TRUE(progress_.unmuting()->over);
  EXPECT_EQ(progress_.now().ended, reported);
}

}  // namespace
}  // namespace lamplighter::run
