#include "run/outcome.h"

#include <gmock/gmock.h>

#include "run/exit_code.h"

namespace lamplighter::run {
namespace {

using engine::ExecutionStatus;
using testing::IsEmpty;

constexpr Time kStart{std::chrono::seconds(1'800'000'000)};

/// A run of dev (phases db and app), told how it went.
class OutcomeTest : public testing::Test {
 protected:
  void tell(const std::string& type, json::object details) {
    engine::Event event;
    event.id = ++told_;
    event.time = kStart;
    event.type = type;
    event.details = std::move(details);
    progress_.apply({event});
  }
  void exit(const std::string& type, const std::string& state, const json::value& output) {
    tell(type + "StateExited", {{"name", state}, {"output", json_text(output)}});
  }
  [[nodiscard]] Outcome outcome(ExecutionStatus status, bool interrupted = false) const {
    engine::Execution execution;
    execution.status = status;
    return outcome_of({execution, interrupted}, progress_, {{"ec2:DescribeInstances", 4}});
  }

  machine::Shape shape_{
      fleet::Action::start,
      "small",
      "topic",
      {{"dev",
        "us-east-1",
        {{"db", "Start dev db", "", 0, nullptr}, {"app", "Start dev app", "", 0, nullptr}}}}};
  Progress progress_{shape_, "start-1"};
  std::int64_t told_ = 0;
};

TEST_F(OutcomeTest, AReportThatWasSentIsTheOutcome) {
  const json::array environments{{{"name", "dev"}, {"status", "ready"}}};
  exit("Task", "Report small",
       {{"status", "SUCCEEDED"},
        {"subject", "START STATUS: SUCCESS"},
        {"body", "all is well"},
        {"environments", environments},
        {"alarms", {{"disabled", 0}, {"enabled", 20}}},
        {"started_at", "a"},
        {"ended_at", "b"}});
  const Outcome out = outcome(ExecutionStatus::succeeded);
  EXPECT_EQ(out.exit_code, ExitCode::success);
  EXPECT_EQ(out.body, "all is well");
  EXPECT_EQ(out.trouble, "");
  EXPECT_EQ(
      json_text(out.json),
      R"({"execution":"start-1","action":"start","status":"SUCCEEDED","subject":"START STATUS: SUCCESS",)"
      R"("environments":[{"name":"dev","status":"ready"}],"alarms":{"disabled":0,"enabled":20},)"
      R"("api_calls":{"ec2:DescribeInstances":4},"started_at":"a","ended_at":"b"})");
}

TEST_F(OutcomeTest, AHaltedEnvironmentIsExitCodeOne) {
  exit("Task", "Report small", {{"status", "ABORTED"}, {"subject", "START STATUS: ABORTED"}});
  EXPECT_EQ(outcome(ExecutionStatus::failed).exit_code, ExitCode::aborted);
}

TEST_F(OutcomeTest, WithoutAReportItIsMadeOfWhatTheBranchesEndedWith) {
  exit("Pass", "dev halted",
       {{"environment", "dev"},
        {"status", "halted"},
        {"phase", "db"},
        {"reason", "no capacity"},
        {"phases", json::array{{{"name", "db"},
                                {"servers", json::array{{{"name", "d1"}}}},
                                {"alarms", {{"disabled", 2}, {"enabled", 3}}}}}}});
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
  EXPECT_EQ(
      json_text(dev.at("phases")),
      R"([{"name":"db","status":"failed","servers":[{"name":"d1"}]},{"name":"app","status":"not touched","servers":[]}])");
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
