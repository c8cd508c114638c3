#include "run/outcome.h"

#include <gmock/gmock.h>

#include "run/exit_code.h"
#include "tests/support/event_of.h"

namespace lamplighter::run {
namespace {

using engine::ExecutionStatus;
using testing::IsEmpty;

constexpr Time kStart{std::chrono::seconds(1'800'000'000)};

/// A run of dev (phases db and app), told how it went.
class OutcomeTest : public testing::Test {
 protected:
  void tell(const std::string& type, json::object details) {
    engine::Event event = engine::event_of(type, std::move(details));
    event.id = ++told_;
    event.time = kStart;
    progress_.apply({event});
  }
  void exit(const std::string& type, const std::string& state, const json::value& output) {
    tell(type + "StateExited", {{"name", state}, {"output", json_text(output)}});
  }
  /// What the report's task answers of dev.
  [[nodiscard]] static tasks::ReportAnswer report(bool halted) {
    tasks::ReportAnswer answer;
    answer.environments.push_back({"dev", halted, halted ? "db" : "", "", {}});
    answer.subject = tasks::subject_of(answer.action, halted);
    answer.body = "all is well";
    answer.alarms.enabled = 20;
    answer.started_at = kStart;
    answer.ended_at = kStart + std::chrono::minutes(2);
    return answer;
  }
  [[nodiscard]] Outcome outcome(ExecutionStatus status, bool interrupted = false) const {
    engine::Execution execution;
    execution.status = status;
    return outcome_of({execution, interrupted}, progress_, {{"ec2:DescribeInstances", 4}});
  }

  static machine::Shape shape() {
    machine::Shape shape;
    shape.fleet = "small";
    shape.topic = "topic";
    const std::vector<tasks::DescribedPhase> phases{{"db", {}, {}}, {"app", {}, {}}};
    shape.environments.push_back({{"dev", "us-east-1", "", phases},
                                  "Admit dev",
                                  {{"db", "Start dev db", "", 0}, {"app", "Start dev app", "", 0}}});
    return shape;
  }
  machine::Shape shape_ = shape();
  Progress progress_{shape_, "start-1"};
  std::int64_t told_ = 0;
};

TEST_F(OutcomeTest, AReportThatWasSentIsTheOutcome) {
  exit("Task", "Report", to_json(report(false)));
  const Outcome out = outcome(ExecutionStatus::succeeded);
  EXPECT_EQ(out.exit_code, ExitCode::success);
  EXPECT_EQ(out.body, "all is well");
  EXPECT_EQ(out.trouble, "");
  EXPECT_EQ(
      json_text(out.json),
      R"({"execution":"start-1","action":"start","status":"SUCCEEDED","subject":"START STATUS: SUCCESS",)"
      R"("environments":[{"name":"dev","status":"ready","phase":"","reason":"","phases":[]}],"alarms":{"disabled":0,"enabled":20},)"
      R"("api_calls":{"ec2:DescribeInstances":4},"started_at":"2027-01-15T08:00:00.000Z",)"
      R"("ended_at":"2027-01-15T08:02:00.000Z"})");
}

TEST_F(OutcomeTest, AHaltedEnvironmentIsExitCodeOne) {
  exit("Task", "Report", to_json(report(true)));
  EXPECT_EQ(outcome(ExecutionStatus::failed).exit_code, ExitCode::aborted);
}

tasks::BranchEnd halted_end(const std::vector<tasks::PhaseAnswer>& phases) {
  tasks::BranchEnd end;
  end.environment = "dev";
  end.halted = true;
  end.phase = "db";
  end.reason = "no capacity";
  end.phases = phases;
  return end;
}

TEST_F(OutcomeTest, WithoutAReportItIsMadeOfWhatTheBranchesEndedWith) {
  tasks::PhaseAnswer db;
  db.name = "db";
  db.status = tasks::PhaseStatus::failed;
  db.servers_total = 1;
  db.servers.emplace_back().name = "d1";
  db.alarms.disabled = 2;
  db.alarms.enabled = 3;
  exit("Pass", "dev halted", to_json(halted_end({db})));
  tell("ExecutionFailed", {{"error", "AuthorizationError"}, {"cause", "not allowed to publish"}});
  const Outcome out = outcome(ExecutionStatus::failed);
  EXPECT_EQ(out.exit_code, ExitCode::aborted);
  EXPECT_EQ(out.trouble, "AuthorizationError: not allowed to publish");
  EXPECT_EQ(out.body, "");
  EXPECT_EQ(out.json.at("status"), "ABORTED");
  EXPECT_EQ(out.json.at("subject"), "START STATUS: ABORTED");
  const auto& dev = out.json.at("environments").at(0);
  EXPECT_EQ(dev.at("status"), "halted");
  EXPECT_EQ(dev.at("reason"), "no capacity");
  EXPECT_EQ(dev.at("phases").at(0).at("status"), "failed");
  EXPECT_EQ(dev.at("phases").at(0).at("servers").at(0).at("name"), "d1");
  EXPECT_EQ(dev.at("phases").at(1).at("status"), "not touched");
  EXPECT_EQ(json_text(out.json.at("alarms")), R"({"disabled":2,"enabled":3})");
}

TEST_F(OutcomeTest, EnvironmentsThatAreReadyButNotReportedAreExitCodeThree) {
  exit("Pass", "dev ready", {{"environment", "dev"}, {"status", "ready"}});
  const Outcome out = outcome(ExecutionStatus::failed);
  EXPECT_EQ(out.json.at("status"), "SUCCEEDED");
  EXPECT_EQ(out.exit_code, ExitCode::no_aws);
  EXPECT_EQ(out.trouble, "no report was sent");
}

TEST_F(OutcomeTest, AnEnvironmentWhoseBranchDidNotEndCountsAsHalted) {
  EXPECT_EQ(outcome(ExecutionStatus::aborted).json.at("environments").at(0).at("status"), "halted");
}

TEST_F(OutcomeTest, ARunThatWasLeftHasNothingToSay) {
  const Outcome out = outcome(ExecutionStatus::running, true);
  EXPECT_EQ(out.exit_code, 130);
  EXPECT_THAT(out.json, IsEmpty());
  EXPECT_EQ(out.body, "");
}

}  // namespace
}  // namespace lamplighter::run
