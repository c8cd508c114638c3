#include "tasks/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "tasks/admission/lease.h"
#include "tasks/protocol/membership.h"
#include "tasks/report_text.h"
#include "tasks/task.h"
#include "tests/support/fake_cloud.h"
#include "tests/support/memory_table.h"
#include "tests/support/partly_dark.h"

namespace lamplighter::tasks {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr std::string_view kPayload = R"json({
  "task": "report", "action": "start", "fleet": "lower-environments", "region": "us-east-1", "timezone": "Europe/Berlin",
  "execution": "arn:1", "execution_name": "start-1", "started_at": "2026-11-24T06:00:00.000Z",
  "environments": [
    {"name": "dev", "region": "us-east-1", "phases": [{"name": "db", "servers": {"names": ["test2"]}, "timeout": 900}]},
    {"name": "test", "region": "us-east-1", "phases": [
      {"name": "db", "servers": {"names": ["test3"]}, "timeout": 900},
      {"name": "app", "servers": {"names": ["test6"]}, "timeout": 900}]}]
})json";

constexpr std::string_view kResults = R"json([
  {"environment": "dev", "status": "ready", "phases": [
    {"name": "db", "status": "ready", "reason": "", "started_at": "2026-11-24T06:00:00.000Z",
     "ended_at": "2026-11-24T06:01:32.000Z", "alarms": {"disabled": 0, "enabled": 2, "reason": ""}}]},
  {"environment": "test", "status": "halted", "phase": "db", "reason": "test3: could not be started (no capacity)", "phases": [
    {"name": "db", "status": "failed", "reason": "", "started_at": "2026-11-24T06:00:00.000Z",
     "ended_at": "2026-11-24T06:15:00.000Z",
     "alarms": {"disabled": 0, "enabled": 0, "reason": "alarms could not be enabled (AccessDenied: no)"},
     "servers": [{"name": "test3", "id": "i-00000000000000002", "reason": "could not be started (no capacity)"}]}]}
])json";

class ReportTask : public testing::Test {
 protected:
  void SetUp() override {
    payload_ = parse_json(kPayload)->as_object();
    payload_["results"] = *parse_json(kResults);
    cloud_.add("test2", "running");
    cloud_.add("test3", "stopped");
    cloud_.add("test6", "stopped");
    admit(0, "db", {{"stopped", {cloud_.named("test2").id}}});
    admit(1, "db", {{"stopped", {cloud_.named("test3").id}}});
    admit(1, "app", {{"stopped", {cloud_.named("test6").id}}});
  }
  json::object& result(std::size_t index) { return payload_["results"].as_array()[index].as_object(); }
  void admit(std::size_t index, const std::string& phase, IdGroups first_states, IdGroups left_alone = {}) {
    auto& members = result(index)["members"];
    if (members.is_null()) members = json::object{};
    members.as_object()[phase] = to_json(Membership{std::move(first_states), std::move(left_alone)});
  }
  /// Of dev alone.
  void leave_out_test() {
    payload_["results"].as_array().pop_back();
    payload_["environments"].as_array().pop_back();
  }
  json::value run() {
    const auto answer = run_task({caller_, clock_}, payload_);
    EXPECT_TRUE(answer) << answer.error().message;
    return answer.value_or(json::value());
  }
  std::string body() { return get_string(run(), "body"); }

  FakeCloud cloud_;
  ManualClock clock_{*parse_time("2026-11-24T06:15:01Z")};
  PartlyDark caller_{cloud_, clock_};
  json::object payload_;
};

TEST_F(ReportTask, WhereThereWasNothingToDoItSaysSo) {
  leave_out_test();
  admit(0, "db", {{"running", {cloud_.named("test2").id}}});
  const auto text = body();
  EXPECT_THAT(text, HasSubstr("\n1 of 1 environment already running.\n\n  dev  already running, 1 server\n"));
  EXPECT_THAT(text, HasSubstr("\n  dev db: already running, 1 server\n"));
}

TEST_F(ReportTask, BesideWhatWasStartedItSaysWhatRanBefore) {
  cloud_.named("test3").state = "running";
  cloud_.named("test6").state = "running";
  admit(0, "db", {{"running", {cloud_.named("test2").id}}});
  result(1)["status"] = "ready";
  result(1)["phases"] =
      *parse_json(R"([{"name": "db", "status": "ready"}, {"name": "app", "status": "ready"}])");
  EXPECT_THAT(body(), HasSubstr("\n2 of 2 environments started (1 was already running).\n"));
}

TEST_F(ReportTask, TellsFirstWhatBecameOfEachEnvironmentThenWhyThenOfEachServer) {
  payload_["warnings"] = json::array{"the report's topic mailme has no confirmed subscription"};
  const auto answer = run();
  EXPECT_EQ(get_string(answer, "subject"), "START STATUS: ABORTED - lower-environments");
  EXPECT_EQ(get_string(answer, "body"), R"text(START STATUS: ABORTED - lower-environments

1 of 2 environments started, 1 halted.

  dev   started in 1m32s, 1 server
  test  HALTED in db, 0 of 2 servers started; not touched: app

NEEDS ATTENTION

  test db
    test3: could not be started (no capacity)
  alarms
    test db: alarms could not be enabled (AccessDenied: no)
  before the run
    the report's topic mailme has no confirmed subscription

THIS RUN

  Execution  start-1
  Began      2026-11-24 07:00:00 Europe/Berlin (06:00:00 UTC)
  Ended      2026-11-24 07:15:01 Europe/Berlin (06:15:01 UTC)
  Took       15m1s
  Alarms     2 enabled

SERVERS

  dev db: started after 1m32s, 1 server
    Server  Id                   Before   Now      Instance  System
    test2   i-00000000000000001  stopped  running  ok        ok

  test db: failed after 15m, 1 server
    Server  Id                   Before   Now      Instance  System
  ! test3   i-00000000000000002  stopped  stopped  -         -

  test app: not touched, 1 server
    Server  Id                   Before   Now      Instance  System
    test6   i-00000000000000003  stopped  stopped  -         -
)text");
  EXPECT_EQ(get_string(answer, "status"), "ABORTED");
  EXPECT_EQ(get_int(answer.at("alarms"), "enabled"), 2);
  const auto& test = answer.at("environments").at(1);
  EXPECT_EQ(get_string(test, "status"), "halted");
  EXPECT_EQ(get_string(test.at("phases").at(1), "status"), "not touched");
  EXPECT_EQ(get_string(test.at("phases").at(0).at("servers").at(0), "reason"),
            "could not be started (no capacity)");
  EXPECT_TRUE(cloud_.mails.empty()) << "mailing it is another task";
}

TEST_F(ReportTask, AReasonStandsOnceInTheMail) {
  const auto text = body();
  const auto first = text.find("no capacity");
  EXPECT_NE(first, std::string::npos);
  EXPECT_EQ(text.find("no capacity", first + 1), std::string::npos);
}

TEST_F(ReportTask, WhoHasTheSameTroubleSharesItsWords) {
  payload_["results"] = json::array{};
  payload_["survey_error"] = "AccessDenied: not for you";
  EXPECT_THAT(body(), HasSubstr("\n  dev, test\n    AccessDenied: not for you\n"));
}

TEST_F(ReportTask, AServerThatDiedAfterItsPhaseWasReadyAbortsTheRun) {
  leave_out_test();
  auto& server = cloud_.named("test2");
  server.state = "stopped";
  server.state_reason_code = "Server.SpotInstanceTermination";
  server.state_reason_message = "Server.SpotInstanceTermination: Spot instance termination";
  const auto answer = run();
  EXPECT_EQ(get_string(answer, "status"), "ABORTED");
  EXPECT_EQ(get_string(answer, "subject"), "START STATUS: ABORTED - lower-environments");
  const auto& dev = answer.at("environments").at(0);
  EXPECT_EQ(get_string(dev, "status"), "halted");
  EXPECT_EQ(get_string(dev, "phase"), "db");
  EXPECT_EQ(get_string(dev, "reason"),
            "test2: was ready, but is stopped (Server.SpotInstanceTermination: Spot instance termination)");
  EXPECT_EQ(get_string(dev.at("phases").at(0), "status"), "failed");
  EXPECT_THAT(get_string(answer, "body"), HasSubstr("  dev  HALTED in db, 0 of 1 server started\n"));
}

TEST_F(ReportTask, AServerThatWasStartedByHandAfterItsPhaseStoppedAbortsTheRun) {
  leave_out_test();
  payload_["action"] = "stop";
  const auto answer = run();
  EXPECT_EQ(get_string(answer, "subject"), "SHUTDOWN STATUS: ABORTED - lower-environments");
  EXPECT_EQ(get_string(answer.at("environments").at(0), "reason"), "test2: was stopped, but is running");
}

TEST_F(ReportTask, AServerThatIsImpairedAtTheLastLookAbortsTheRun) {
  leave_out_test();
  cloud_.named("test2").attached_ebs_status = "impaired";
  EXPECT_THAT(
      get_string(run().at("environments").at(0), "reason"),
      HasSubstr(
          "runs, but its status checks have not passed (instance ok, system ok, attached volumes impaired)"));
}

TEST_F(ReportTask, AServerThatIsGoneIsNamedAndAbortsTheRun) {
  leave_out_test();
  cloud_.named("test2").state = "terminated";
  const auto answer = run();
  EXPECT_EQ(get_string(answer.at("environments").at(0), "reason"),
            "test2: was terminated since the run began");
  EXPECT_EQ(
      get_string(answer.at("environments").at(0).at("phases").at(0).at("servers").at(0), "initial_state"),
      "stopped");
}

TEST_F(ReportTask, WhatAppearedLaterIsNamedAndNoReasonToAbort) {
  leave_out_test();
  payload_["environments"].as_array()[0].as_object()["phases"].as_array()[0].as_object()["servers"] =
      *parse_json(R"({"tags": [{"Tier": "db"}]})");
  cloud_.named("test2").tags["Tier"] = "db";
  cloud_.add("test9", "running").tags["Tier"] = "db";
  cloud_.add("web-1", "running").tags = {
      {"Name", "web-1"}, {"Tier", "db"}, {"aws:autoscaling:groupName", "web"}};
  admit(0, "db", {{"stopped", {cloud_.named("test2").id}}},
        {{"belongs to the Auto Scaling group web", {cloud_.named("web-1").id}}});
  const auto answer = run();
  EXPECT_EQ(get_string(answer, "status"), "SUCCEEDED");
  const std::string came =
      "test9 (i-00000000000000004): appeared after the run had begun, and was not touched";
  const std::string left = "web-1: belongs to the Auto Scaling group web, and was left alone";
  const auto notes = answer.at("environments").at(0).at("phases").at(0).at("notes");
  EXPECT_EQ(notes, (json::array{left, came}));
  EXPECT_THAT(get_string(answer, "body"),
              AllOf(HasSubstr("WORTH KNOWING"), HasSubstr(came), HasSubstr(left)));
  EXPECT_EQ(get_int(answer.at("environments").at(0).at("phases").at(0), "servers_total"), 1);
}

TEST_F(ReportTask, AServerThatBecameReadyAfterItsPhaseHadFailedHasNoReasonLeft) {
  cloud_.named("test3").state = "running";
  const auto answer = run();
  EXPECT_EQ(get_string(answer, "status"), "ABORTED") << "app was not touched";
  EXPECT_THAT(get_string(answer, "body"), HasSubstr("    test3: could not be started (no capacity)\n"))
      << "why the environment halted";
  EXPECT_EQ(get_string(answer.at("environments").at(1).at("phases").at(0).at("servers").at(0), "reason"), "");
}

TEST_F(ReportTask, NamesAndReasonsAreTextInTheMail) {
  cloud_.named("test3").state = "running";
  result(1)["reason"] = "test3: no\x1b[2J\nHALTED: forged\u202E\u009B";
  EXPECT_THAT(body(), HasSubstr("    test3: no [2J HALTED: forged\uFFFD \n"));
}

TEST_F(ReportTask, AStopHasNoStatusChecks) {
  leave_out_test();
  payload_["action"] = "stop";
  admit(0, "db", {{"running", {cloud_.named("test2").id}}});
  cloud_.named("test2").state = "stopped";
  const auto answer = run();
  EXPECT_EQ(get_string(answer, "subject"), "SHUTDOWN STATUS: SUCCESS - lower-environments");
  EXPECT_THAT(get_string(answer, "body"), HasSubstr("  dev  stopped in 1m32s, 1 server\n"));
  EXPECT_THAT(get_string(answer, "body"), Not(HasSubstr("Instance")));
  EXPECT_THAT(get_string(answer, "body"), Not(HasSubstr("NEEDS ATTENTION")));
}

TEST_F(ReportTask, ADarkRegionCostsItsOwnRowsAndNotTheMail) {
  payload_["environments"].as_array()[1].as_object()["region"] = "eu-west-1";
  payload_["results"].as_array()[1].as_object()["status"] = "ready";
  caller_.dark = "eu-";
  const auto began = clock_.steady();
  const auto answer = run();
  EXPECT_LT(clock_.steady() - began, seconds{250}) << "of 300";
  EXPECT_EQ(get_string(answer.at("environments").at(0), "status"), "ready")
      << "the other region was looked at";
  EXPECT_EQ(get_string(answer.at("environments").at(1), "status"), "halted")
      << "nobody can say that it is ready";
  EXPECT_THAT(get_string(answer, "body"), HasSubstr("could not be looked at again (RequestTimeout)"));
}

TEST_F(ReportTask, ManyDarkRegionsLeaveTimeForTheOthers) {
  auto& environments = payload_["environments"].as_array();
  auto& results = payload_["results"].as_array();
  for (int i = 0; i < 20; ++i) {
    auto environment = environments[0].as_object();
    environment["name"] = "dark-" + std::to_string(i);
    environment["region"] = "eu-dark-" + std::to_string(i);
    environments.push_back(environment);
    auto end = results[0].as_object();
    end["environment"] = environment["name"];
    results.push_back(end);
  }
  caller_.dark = "eu-dark-";
  const auto began = clock_.steady();
  const auto answer = run();
  EXPECT_LT(clock_.steady() - began, seconds{250});
  EXPECT_EQ(get_string(answer.at("environments").at(0), "status"), "ready");
}

TEST_F(ReportTask, AThrottledLookIsTakenOnceMore) {
  leave_out_test();
  cloud_.errors["DescribeInstances"] = {ErrorKind::aws, "RequestLimitExceeded", "slower"};
  run();
  EXPECT_THAT(cloud_.calls_of("DescribeInstances"), SizeIs(2));
}

TEST_F(ReportTask, GoesOutWhateverABranchLeft) {
  payload_["results"] = json::array{nullptr, 7, json::object{{"environment", "dev"}, {"phases", "?"}}};
  const auto answer = run();
  EXPECT_EQ(get_string(answer, "subject"), "START STATUS: ABORTED - lower-environments");
  EXPECT_THAT(get_string(answer, "body"), HasSubstr("its branch left no result"));
  EXPECT_THAT(get_string(answer, "body"),
              HasSubstr("its branch left no readable result (branch.status: found nothing"));
}

TEST_F(ReportTask, WhatWasNotChosenIsNotReported) {
  result(1) = {{"environment", "test"}, {"status", "skipped"}, {"reason", ""}};
  EXPECT_THAT(run().at("environments").as_array(), SizeIs(1));
}

TEST_F(ReportTask, WhatPeopleKeptFromRunningIsSkippedNotHalted) {
  payload_["ran"] = json::array{"dev", "test"};
  result(1) = {{"environment", "test"}, {"status", "skipped"}, {"reason", "kept stopped by ada: repair"}};
  const auto answer = run();
  EXPECT_EQ(get_string(answer, "subject"), "START STATUS: SUCCESS - lower-environments");
  const json::value& test = answer.at("environments").as_array()[1];
  EXPECT_EQ(get_string(test, "status"), "skipped");
  EXPECT_EQ(get_string(test, "reason"), "kept stopped by ada: repair");
  EXPECT_THAT(get_string(answer, "body"),
              AllOf(HasSubstr("1 of 2 environments started, 1 skipped."),
                    HasSubstr("test  skipped: kept stopped by ada: repair"), Not(HasSubstr("HALTED"))));
  EXPECT_FALSE(get_bool(answer, "silent", true));
  EXPECT_EQ(answer.at("unmutes"), json::array{"dev"});  // its servers stay stopped, and its alarms silent
}

TEST_F(ReportTask, ARunOfWhichNothingIsLeftIsASuccessThatNobodyIsToldOf) {
  payload_["ran"] = json::array{"dev", "test"};
  for (const std::size_t index : {0U, 1U}) {
    const std::string name = index == 0 ? "dev" : "test";
    result(index) = {{"environment", name}, {"status", "skipped"}, {"reason", "paused by ada"}};
  }
  const auto answer = run();
  EXPECT_EQ(get_string(answer, "status"), "SUCCEEDED");
  EXPECT_EQ(get_string(answer, "subject"), "START STATUS: SUCCESS, SKIPPED - lower-environments");
  EXPECT_TRUE(get_bool(answer, "silent"));
  EXPECT_THAT(get_string(answer, "body"),
              AllOf(HasSubstr("test  skipped: paused by ada"), Not(HasSubstr("SERVERS"))));
  EXPECT_EQ(answer.at("unmutes"), json::array{});
}

/// dev's lease as the report finds it; its branch had generation 3.
class ReportsLease : public ReportTask {
 protected:
  void SetUp() override {
    ReportTask::SetUp();
    leave_out_test();
    payload_["ran"] = json::array{"dev"};
    result(0)["lease"] = {{"generation", 3}, {"age", 0}};
    lease_.generation = 3;
    lease_.holder = lease_.newest = {"arn:1", clock_.now(), Action::start};
    lease_.state = LeaseState::held;
  }
  json::value run() {
    EXPECT_TRUE(Leases(table_, "lower-environments").replace("dev", 0, lease_).value());
    const auto answer = run_task({.caller = caller_, .clock = clock_, .table = &table_}, payload_);
    EXPECT_TRUE(answer) << answer.error().message;
    return answer.value_or(json::value());
  }
  Lease lease_;
  coordination::MemoryTable table_;
};

TEST_F(ReportsLease, WhatAnotherRunTookIsAsItWasAndSoAreItsAlarms) {
  lease_.generation = 4;
  lease_.holder = {"arn:2", clock_.now() - seconds{3'600}, Action::stop};  // by a clock that is behind
  cloud_.named("test2").state = "stopped";
  const auto answer = run();
  EXPECT_EQ(get_string(answer.at("environments").at(0), "status"), "ready") << "at its branch's end";
  EXPECT_EQ(answer.at("unmutes"), json::array{}) << "the other's business";
  EXPECT_EQ(answer.at("leases"), json::object{});
}

TEST_F(ReportsLease, OneThatWasCancelledIsLookedAtAndGivenBack) {
  lease_.cancelled = {{"arn:1", "ada@web1"}};
  result(0)["status"] = "halted";
  result(0)["reason"] = "cancelled by ada@web1";
  const auto answer = run();
  const json::value& dev = answer.at("environments").at(0);
  EXPECT_EQ(get_string(dev, "reason"), "cancelled by ada@web1");
  EXPECT_EQ(get_string(dev.at("phases").at(0).at("servers").at(0), "state"), "running");
  EXPECT_EQ(answer.at("unmutes"), json::array{"dev"});
  EXPECT_EQ(Leases(table_, "lower-environments").read("dev")->lease.state, LeaseState::reported);
}

std::map<std::string, std::string> marked(const std::string& value) {
  return {{std::string(kMutedTag), value}};
}

TEST_F(ReportTask, CountsTheAlarmsThatFollowByTheirMarks) {
  payload_["alarms"] = "dimension";
  payload_["unmute_after"] = 900;
  payload_["ran"] = json::array{"dev"};
  for (const char* name : {"a", "b", "c"}) {
    cloud_.alarms[name] = {.enabled = false, .tags = marked("lower-environments/dev/db")};
  }
  cloud_.alarms["left over"] = {.enabled = true, .tags = marked("lower-environments/dev/db")};
  cloud_.alarms["did not run"] = {.enabled = false, .tags = marked("lower-environments/test/db")};
  cloud_.alarms["of a person"] = {.enabled = false};
  cloud_.alarms["orphan"] = {.enabled = false, .tags = marked("lower-environments/prod/db")};
  const auto answer = run();
  EXPECT_EQ(get_int(answer.at("alarms"), "follow"), 3);
  EXPECT_EQ(get_string(answer.at("alarms"), "follow_by"), "2026-11-24T06:30:01.000Z");
  const auto text = get_string(answer, "body");
  EXPECT_THAT(
      text,
      HasSubstr("\n  Alarms     2 enabled, 3 follow by 2026-11-24 07:30:01 Europe/Berlin (06:30:01 UTC), "
                "each once it is OK\n"));
  EXPECT_THAT(text, HasSubstr("muted in us-east-1 for prod, which the fleet file no longer has: orphan;"));
  EXPECT_THAT(cloud_.calls_of("EnableAlarmActions"), IsEmpty());
  payload_["unmute_after"] = 0;
  EXPECT_THAT(body(), HasSubstr("3 get their voice back at once\n"));
}

TEST_F(ReportTask, WhoWantsNoAlarmTouchedNeedNotPermitALookAtThem) {
  payload_["ran"] = json::array{"dev", "test"};
  cloud_.errors["DescribeAlarms"] = {ErrorKind::aws, "AccessDenied", "no"};
  payload_["alarms"] = "none";
  EXPECT_THAT(body(), Not(HasSubstr("alarms in us-east-1")));
  payload_["alarms"] = "dimension";
  EXPECT_THAT(body(), HasSubstr("alarms in us-east-1 could not be looked at (AccessDenied: no)"));
  payload_["alarms"] = "none";
  cloud_.errors["DescribeAlarms"] = {ErrorKind::aws, "InternalFailure", "oops"};
  EXPECT_THAT(body(), HasSubstr("alarms in us-east-1 could not be looked at (InternalFailure: oops)"));
}

TEST_F(ReportTask, AfterAStopTheAlarmsOfWhatRunsOnFollow) {
  payload_["action"] = "stop";
  payload_["alarms"] = "dimension";
  payload_["unmute_after"] = 900;
  payload_["ran"] = json::array{"dev", "test"};
  for (const char* name : {"test2", "test3"}) {
    cloud_.alarms[name] = {
        .instance_id = cloud_.named(name).id, .enabled = false, .tags = marked("lower-environments/dev/db")};
  }
  const auto answer = run();
  EXPECT_EQ(get_string(answer, "status"), "ABORTED") << "test2 runs";
  EXPECT_EQ(get_int(answer.at("alarms"), "follow"), 1);
  EXPECT_THAT(get_string(answer, "body"),
              HasSubstr("0 disabled, 2 enabled, 1 gets its voice back at once\n"));
  cloud_.named("test2").state = "stopped";
  leave_out_test();
  cloud_.calls.clear();
  const auto stopped = run();
  EXPECT_EQ(get_string(stopped, "status"), "SUCCEEDED") << json_text(stopped);
  EXPECT_THAT(cloud_.calls_of("DescribeAlarms"), IsEmpty()) << "nothing follows";
}

TEST_F(ReportTask, AddsUpAsManyAlarmsAsABranchMayClaim) {
  auto& phases = result(0)["phases"].as_array();
  phases[0].as_object()["alarms"] = json::object{{"disabled", 0}, {"enabled", 2'147'483'647}};
  phases.push_back(phases[0]);
  EXPECT_EQ(get_int(run().at("alarms"), "enabled"), 2 * 2'147'483'647LL);
}

TEST_F(ReportTask, TheSubjectIsAsSnsTakesIt) {
  payload_["fleet"] = "flöte\n" + std::string(200, 'x');
  const auto subject = get_string(run(), "subject");
  EXPECT_THAT(subject, StartsWith("START STATUS: ABORTED - fl??te?xxx"));
  EXPECT_LE(subject.size(), 80U);
}

/// `environments` of two phases with `each` servers a phase, all ready.
class LargeReport : public ReportTask {
 protected:
  void make(int environments, int each) {
    json::array described;
    json::array results;
    for (int e = 0; e < environments; ++e) {
      const auto name = fmt::format("environment-{}", e);
      json::array phases;
      json::array ends;
      json::object members;
      for (const std::string phase : {"db", "app"}) {
        Membership membership;
        for (int i = 0; i < each; ++i) {
          auto& server =
              cloud_.add(fmt::format("a-server-with-a-longer-name-{}-{}-{}", e, phase, i), "running");
          server.tags["Tier"] = name + phase;
          membership.first_states["stopped"].push_back(server.id);
        }
        phases.push_back(json::object{
            {"name", phase},
            {"servers", json::object{{"tags", json::array{json::object{{"Tier", name + phase}}}}}},
            {"timeout", 900}});
        ends.push_back(json::object{{"name", phase}, {"status", "ready"}});
        members[phase] = to_json(membership);
      }
      described.push_back(json::object{{"name", name}, {"region", "us-east-1"}, {"phases", phases}});
      results.push_back(
          json::object{{"environment", name}, {"status", "ready"}, {"members", members}, {"phases", ends}});
    }
    payload_["environments"] = described;
    payload_["results"] = results;
    ASSERT_LE(json_text(payload_).size(), limits::kPayloadBytes) << "what the machine could carry";
  }
  /// Servers that the answer lists, and those that it leaves out.
  static std::pair<std::size_t, std::size_t> counted(const json::value& answer) {
    std::pair<std::size_t, std::size_t> counts;
    const auto read = read_report_answer(answer).value();
    for (const auto& environment : read.environments) {
      for (const auto& phase : environment.phases) {
        counts.first += phase.servers.size();
        for (const auto& group : phase.left_out) counts.second += group.ids.size();
      }
    }
    return counts;
  }
};

TEST_F(LargeReport, TwoThousandServersInAHundredEnvironments) {
  make(100, 10);
  cloud_.named("a-server-with-a-longer-name-57-app-3").state = "stopped";
  const auto answer = run();
  EXPECT_LE(json_text(answer).size(), limits::kPayloadBytes);
  const auto [listed, left_out] = counted(answer);
  EXPECT_EQ(listed + left_out, 2'000U);
  const auto text = get_string(answer, "body");
  EXPECT_LE(text.size(), kMailBytes);
  EXPECT_THAT(text, HasSubstr("99 of 100 environments started, 1 halted."));
  EXPECT_THAT(text, HasSubstr("a-server-with-a-longer-name-57-app-3: was ready, but is stopped"));
  EXPECT_THAT(text, HasSubstr("lamplighter history start-1 --report --json"));
  EXPECT_THAT(text, Not(HasSubstr("Cut here")));
}

TEST_F(LargeReport, InStepFunctionsTheOthersAreInItsHistory) {
  make(100, 10);
  payload_["execution"] = "arn:aws:states:eu-west-1:123456789012:execution:fleet-start:start-1";
  const auto answer = run_task({.caller = caller_, .clock = clock_, .in_lambda = true}, payload_);
  const auto text = get_string(*answer, "body");
  EXPECT_THAT(text, HasSubstr("lamplighter history start-1 --report --json --cloud, with the fleet's file"));
}

TEST_F(LargeReport, SevenThousandServersInTwentyEnvironments) {
  make(20, 175);
  const auto answer = run();
  EXPECT_LE(json_text(answer).size(), limits::kPayloadBytes);
  const auto [listed, left_out] = counted(answer);
  EXPECT_EQ(listed + left_out, 7'000U);
}

TEST_F(LargeReport, AllOfManyServersHaveAReason) {
  make(100, 10);
  for (auto& server : cloud_.servers) {
    server.state = "stopped";
    server.state_reason_code = "Server.InternalError";
    server.state_reason_message = server.id + std::string(200, '.');
  }
  const auto answer = run();
  EXPECT_LE(json_text(answer).size(), limits::kPayloadBytes);
  const auto text = get_string(answer, "body");
  EXPECT_THAT(text.substr(text.size() - 260),
              testing::ContainsRegex("Cut here: [0-9]+ more lines left out. The execution keeps all of them: "
                                     "lamplighter history start-1 --report --json"));
}

TEST_F(LargeReport, AFewHundredServersHaveTheirRowsInMailAndAnswer) {
  make(10, 20);
  const auto answer = run();
  EXPECT_EQ(counted(answer), (std::pair<std::size_t, std::size_t>{400, 0}));
  const auto text = get_string(answer, "body");
  EXPECT_THAT(text, HasSubstr("a-server-with-a-longer-name-9-app-19"));
  EXPECT_THAT(text, Not(HasSubstr("--report")));
}

}  // namespace
}  // namespace lamplighter::tasks
