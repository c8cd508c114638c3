#include "run/outcome.h"

#include <gmock/gmock.h>

#include "run/exit_code.h"
#include "tests/support/event_of.h"

namespace lamplighter::run {
namespace {

using engine::ExecutionStatus;
using testing::IsEmpty;

constexpr Time kStart{std::chrono::seconds(1'800'000'000)};

/// A cloud in which every server is called "name of ID".
class NamedServers final : public aws::Caller {
 public:
  Result<std::string> call(const aws::Target& target, std::string_view, std::string_view,
                           const aws::Parameters& parameters) override {
    asked.push_back(target.region);
    std::string items;
    for (const auto& [key, value] : parameters) {
      if (!value.starts_with("i-")) continue;
      items += "<item><instancesSet><item><instanceId>" + value +
               "</instanceId><tagSet><item><key>Name</key><value>name of " + value +
               "</value></item></tagSet></item></instancesSet></item>";
    }
    return "<DescribeInstancesResponse><reservationSet>" + items +
           "</reservationSet></DescribeInstancesResponse>";
  }
  [[nodiscard]] aws::CallCounts counts() const override { return {{"ec2:DescribeInstances", 4}}; }
  std::vector<std::string> asked;
};

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
    answer.subject = tasks::subject_of(answer.action, halted, "small");
    answer.body = "all is well";
    answer.alarms.follow = 20;
    answer.started_at = kStart;
    answer.ended_at = kStart + std::chrono::minutes(2);
    return answer;
  }
  [[nodiscard]] Outcome outcome(ExecutionStatus status, bool interrupted = false, bool reported = false) {
    engine::Execution execution;
    execution.status = status;
    return outcome_of({execution, reported, interrupted}, progress_, caller_);
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
  /// What Notify leaves: the report, and what became of its mail.
  void notify(const tasks::ReportAnswer& report, tasks::Notified notified) {
    auto output = to_json(report);
    output["notified"] = to_json(notified);
    exit("Task", "Notify", output);
  }

  NamedServers named_;
  aws::Caller* caller_ = &named_;
  machine::Shape shape_ = shape();
  Progress progress_{shape_, "start-1"};
  std::int64_t told_ = 0;
};

TEST_F(OutcomeTest, AReportThatWasSentIsTheOutcome) {
  exit("Task", "Report", to_json(report(false)));
  notify(report(false), {tasks::Sent::yes, "m-1", ""});
  const Outcome out = outcome(ExecutionStatus::succeeded);
  EXPECT_EQ(out.exit_code, ExitCode::success);
  EXPECT_EQ(out.body, "all is well");
  EXPECT_EQ(out.trouble, "");
  EXPECT_EQ(
      json_text(out.json),
      R"({"execution":"start-1","action":"start","status":"SUCCEEDED","subject":"START STATUS: SUCCESS - small",)"
      R"("environments":[{"name":"dev","status":"ready","phase":"","reason":"","phases":[]}],"alarms":{"disabled":0,"enabled":0,"follow":20},)"
      R"("report":{"sent":true,"error":""},"notifications":[{"to":"sns:topic","sent":true,"error":""}],"api_calls":{"ec2:DescribeInstances":4},"started_at":"2027-01-15T08:00:00.000Z",)"
      R"("ended_at":"2027-01-15T08:02:00.000Z"})");
}

TEST_F(OutcomeTest, ARunWhoseMailWasLostHasGoneThroughAndIsExitCodeThree) {
  exit("Task", "Report", to_json(report(false)));
  notify(report(false), {tasks::Sent::no, "", "KMSAccessDenied: no"});
  const Outcome out = outcome(ExecutionStatus::succeeded);
  EXPECT_EQ(out.exit_code, ExitCode::no_aws);
  EXPECT_EQ(out.body, "all is well") << "it is printed, sent or not";
  EXPECT_EQ(out.trouble, "the report was not sent: KMSAccessDenied: no");
  EXPECT_EQ(out.json.at("status"), "SUCCEEDED");
  EXPECT_EQ(json_text(out.json.at("report")), R"({"sent":false,"error":"KMSAccessDenied: no"})");
}

TEST_F(OutcomeTest, EachRecipientIsNamedAndOneThatFailedIsExitCodeThree) {
  exit("Task", "Report", to_json(report(false)));
  auto output = to_json(report(false));
  const auto told = [&](const char* state, const char* to, tasks::Notified notified) {
    json::object one{{"to", to}};
    for (auto& [name, value] : to_json(notified)) one[name] = value;
    if (!output.contains("notifications")) output["notifications"] = json::array();
    output["notifications"].as_array().push_back(std::move(one));
    exit("Task", state, output);
  };
  told("Notify", "webhook:env:HOOK", {tasks::Sent::no, "", "answered 404"});
  told("Notify 2", "sns:topic", {tasks::Sent::yes, "m-1", ""});
  told("Notify 3", "sns:quiet", {tasks::Sent::no, "", ""});
  const Outcome out = outcome(ExecutionStatus::succeeded);
  EXPECT_EQ(out.exit_code, ExitCode::no_aws);
  EXPECT_EQ(out.trouble, "the report was not sent to webhook:env:HOOK: answered 404");
  EXPECT_EQ(json_text(out.json.at("report")), R"({"sent":true,"error":""})") << "the mail's";
  EXPECT_EQ(json_text(out.json.at("notifications")),
            R"([{"to":"webhook:env:HOOK","sent":false,"error":"answered 404"},)"
            R"({"to":"sns:topic","sent":true,"error":""},{"to":"sns:quiet","sent":false,"error":""}])");
}

TEST_F(OutcomeTest, ARunThatWasSkippedIsASuccessThoughNoMailWentOut) {
  auto skipped = report(false);
  skipped.environments = {{"dev", false, "", "paused until 22:00 (UTC) by ada", {}, true}};
  exit("Task", "Report", to_json(skipped));
  notify(skipped, {});
  const Outcome out = outcome(ExecutionStatus::succeeded);
  EXPECT_EQ(out.exit_code, ExitCode::success);
  EXPECT_EQ(out.trouble, "");
  EXPECT_EQ(json_text(out.json.at("report")), R"({"sent":false,"error":""})");
  EXPECT_EQ(out.json.at("environments").as_array()[0].at("status"), "skipped");
}

TEST_F(OutcomeTest, AMailOfWhichNobodyKnowsIsExitCodeThree) {
  exit("Task", "Report", to_json(report(false)));
  notify(report(false), {tasks::Sent::unknown, "", "AnswerLost: reset"});
  const Outcome out = outcome(ExecutionStatus::succeeded);
  EXPECT_EQ(out.exit_code, ExitCode::no_aws);
  EXPECT_EQ(out.trouble, "nobody knows whether the report was sent: AnswerLost: reset");
  EXPECT_EQ(out.json.at("report").at("sent"), "unknown");
}

TEST_F(OutcomeTest, ARunThatHasReportedIsOverThoughItsAlarmsFollow) {
  exit("Task", "Report", to_json(report(false)));
  notify(report(false), {tasks::Sent::yes, "m-1", ""});
  const Outcome out = outcome(ExecutionStatus::running, false, true);
  EXPECT_EQ(out.exit_code, ExitCode::success);
  EXPECT_EQ(out.body, "all is well");
  exit("Task", "Report", to_json(report(true)));
  EXPECT_EQ(outcome(ExecutionStatus::running, false, true).exit_code, ExitCode::aborted);
}

TEST_F(OutcomeTest, AHaltedEnvironmentIsWorseThanALostMail) {
  exit("Task", "Report", to_json(report(true)));
  notify(report(true), {tasks::Sent::no, "", "no"});
  EXPECT_EQ(outcome(ExecutionStatus::failed).exit_code, ExitCode::aborted);
}

TEST_F(OutcomeTest, WhoNotifiesNobodyLosesNoMail) {
  exit("Task", "Report", to_json(report(false)));
  const Outcome out = outcome(ExecutionStatus::succeeded);
  EXPECT_EQ(out.exit_code, ExitCode::success);
  EXPECT_EQ(json_text(out.json.at("report")), R"({"sent":false,"error":""})");
}

TEST_F(OutcomeTest, ServersThatTheReportHadNoRoomForAreListedAllTheSame) {
  auto answer = report(false);
  tasks::ReportedPhase db;
  db.name = "db";
  db.status = tasks::PhaseEnd::ready;
  db.servers_total = 2;
  db.left_out = {{"running", "ok", "ok", {"i-00000000000000001", "i-00000000000000002"}}};
  answer.environments[0].phases = {db};
  exit("Task", "Report", to_json(answer));
  tasks::BranchEnd end;
  end.environment = "dev";
  end.members["db"].first_states["stopped"] = {"i-00000000000000001", "i-00000000000000002"};
  exit("Pass", "dev has started", to_json(end));
  const auto servers_of = [](const Outcome& out) {
    return out.json.at("environments").at(0).at("phases").at(0).at("servers").as_array();
  };
  const auto servers = servers_of(outcome(ExecutionStatus::succeeded));
  ASSERT_EQ(servers.size(), 2U);
  EXPECT_EQ(json_text(servers[1]),
            R"({"name":"name of i-00000000000000002","id":"i-00000000000000002","initial_state":"stopped",)"
            R"("state":"running","instance_status":"ok","system_status":"ok","reason":""})");
  EXPECT_THAT(named_.asked, testing::ElementsAre("us-east-1"));
  caller_ = nullptr;
  EXPECT_EQ(servers_of(outcome(ExecutionStatus::succeeded))[0].at("name"), "i-00000000000000001");
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
  EXPECT_EQ(out.json.at("subject"), "START STATUS: ABORTED - small");
  const auto& dev = out.json.at("environments").at(0);
  EXPECT_EQ(dev.at("status"), "halted");
  EXPECT_EQ(dev.at("reason"), "no capacity");
  EXPECT_EQ(dev.at("phases").at(0).at("status"), "failed");
  EXPECT_EQ(dev.at("phases").at(0).at("servers").at(0).at("name"), "d1");
  EXPECT_EQ(dev.at("phases").at(1).at("status"), "not touched");
  EXPECT_EQ(json_text(out.json.at("alarms")), R"({"disabled":2,"enabled":3,"follow":0})");
}

TEST_F(OutcomeTest, EnvironmentsThatAreReadyButNotReportedAreExitCodeThree) {
  exit("Pass", "dev ready", {{"environment", "dev"}, {"status", "ready"}});
  const Outcome out = outcome(ExecutionStatus::failed);
  EXPECT_EQ(out.json.at("status"), "SUCCEEDED");
  EXPECT_EQ(out.exit_code, ExitCode::no_aws);
  EXPECT_EQ(out.trouble, "no report was made");
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
