#include "tasks/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "tasks/report_text.h"
#include "tasks/task.h"
#include "tests/support/fake_cloud.h"

namespace lamplighter::tasks {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kResults = R"json([
  {"environment": "dev", "status": "ready", "phase": "", "reason": "",
   "members": {"db": {"first_states": {"stopped": ["AAAAAAAAAAAQ"]}}}, "phases": [
    {"name": "db", "status": "ready", "reason": "", "started_at": "2026-11-24T06:00:00.000Z",
     "ended_at": "2026-11-24T06:01:32.000Z", "alarms": {"disabled": 0, "enabled": 2, "reason": ""},
     "servers": [{"name": "test2", "id": "i-00000000000000001", "initial_state": "stopped"}]}]},
  {"environment": "test", "status": "halted", "phase": "db", "reason": "test3: could not be started (no capacity)",
   "members": {"db": {"first_states": {"stopped": ["AAAAAAAAAAAg"]}}},
                           "phases"
    : [ {
      "name" : "db",
      "status" : "failed",
      "reason" : "test3: could not be started (no capacity)",
      "started_at" : "2026-11-24T06:00:00.000Z",
      "ended_at" : "2026-11-24T06:15:00.000Z",
      "alarms" : {"disabled" : 0, "enabled" : 0, "reason" : "alarms could not be enabled (AccessDenied: no)"},
      "servers" : [ {
        "name" : "test3",
        "id" : "i-00000000000000002",
        "initial_state" : "stopped",
        "reason" : "could not be started (no capacity)"
      } ]
    } ]
}
])json";

constexpr std::string_view kPayload = R"json({
  "task": "report", "action": "start", "fleet": "lower-environments", "topic": "mailme", "region": "us-east-1",
  "execution": "arn:1", "execution_name": "start-1", "started_at": "2026-11-24T06:00:00.000Z",
  "environments": [
    {"name": "dev", "region": "us-east-1", "role": "", "phases": [{"name": "db", "timeout": 900, "servers": {"names": ["test2"]}}]},
    {"name": "test", "region": "us-east-1", "role": "", "phases": [
      {"name": "db", "timeout": 900, "servers": {"names": ["test3"]}}, {"name": "app", "timeout": 900, "servers": {"names": ["test6"]}}]}]
})json";

class ReportTask : public testing::Test {
 protected:
  void SetUp() override {
    payload_ = parse_json(kPayload)->as_object();
    payload_["results"] = *parse_json(kResults);
    cloud_.add("test2", "running");
    cloud_.add("test3", "stopped");
    cloud_.add("test6", "stopped");
  }
  json::value run() {
    const auto answer = run_task({cloud_, clock_}, payload_);
    EXPECT_TRUE(answer) << answer.error().message;
    return answer.value_or(json::value());
  }

  FakeCloud cloud_;
  ManualClock clock_{*parse_time("2026-11-24T06:15:01Z")};
  json::object payload_;
};

TEST_F(ReportTask, TellsWhatHaltedWhatWasNotTouchedAndEveryServersStates) {
  const auto answer = run();
  ASSERT_EQ(cloud_.mails.size(), 1U);
  EXPECT_EQ(cloud_.mails[0].topic, "arn:aws:sns:us-east-1:123456789012:mailme");
  EXPECT_EQ(cloud_.mails[0].subject, "START STATUS: ABORTED");
  EXPECT_EQ(cloud_.mails[0].message, R"text(START STATUS: ABORTED

lower-environments: 1 of 2 environments started, 1 halted.

Execution  start-1
Began      2026-11-24 06:00:00 UTC
Ended      2026-11-24 06:15:01 UTC, after 15m1s
Alarms     0 disabled, 2 enabled
           test db: alarms could not be enabled (AccessDenied: no)

HALTED: test, in phase db
  Why          test3: could not be started (no capacity)
  Not touched  app

dev: started in 1m32s
  db: ready after 1m32s, 1 server
    Server  Id                   Before   Now      Instance  System
    test2   i-00000000000000001  stopped  running  ok        ok

test: HALTED
  db: failed after 15m, 1 server
    Server  Id                   Before   Now      Instance  System
    test3   i-00000000000000002  stopped  stopped  -         -       could not be started (no capacity)
  app: not touched, 1 server
    Server  Id                   Before   Now      Instance  System
    test6   i-00000000000000003  stopped  stopped  -         -
)text");
  EXPECT_EQ(get_string(answer, "status"), "ABORTED");
  EXPECT_EQ(get_string(answer, "message_id"), "m-1");
  EXPECT_EQ(get_string(answer, "body"), cloud_.mails[0].message);
  EXPECT_EQ(get_int(answer.at("alarms"), "enabled"), 2);
  const auto& test = answer.at("environments").at(1);
  EXPECT_EQ(get_string(test, "status"), "halted");
  EXPECT_EQ(get_string(test.at("phases").at(1), "status"), "not touched");
  EXPECT_EQ(get_string(test.at("phases").at(0).at("servers").at(0), "reason"),
            "could not be started (no capacity)");
}

TEST_F(ReportTask, SaysWhatIsNotWhatWas) {
  cloud_.named("test2").state = "stopped";
  run();
  EXPECT_THAT(cloud_.mails[0].message, HasSubstr("was ready, but is so no longer"));
}

TEST_F(ReportTask, NamesAndReasonsAreTextInTheMail) {
  auto& results = payload_["results"].as_array();
  results[1].as_object()["reason"] = "test3: no\x1b[2J\nHALTED: forged\u202E\u009B";
  const auto answer = run();
  const auto& mail = cloud_.mails.at(0).message;
  EXPECT_THAT(mail, HasSubstr("  Why          test3: no [2J HALTED: forged\uFFFD \n"));
  EXPECT_EQ(get_string(answer, "body"), mail);
}

TEST_F(ReportTask, AStopHasNoStatusChecks) {
  payload_["action"] = "stop";
  payload_["results"].as_array().pop_back();
  payload_["environments"].as_array().pop_back();
  cloud_.named("test2").state = "stopped";
  run();
  EXPECT_EQ(cloud_.mails[0].subject, "SHUTDOWN STATUS: SUCCESS");
  EXPECT_THAT(cloud_.mails[0].message, HasSubstr("dev: stopped in 1m32s"));
  EXPECT_THAT(cloud_.mails[0].message, Not(HasSubstr("Instance")));
}

TEST_F(ReportTask, GoesOutEvenWhenServersCannotBeLookedAt) {
  cloud_.errors["DescribeInstances"] = {ErrorKind::aws, "AccessDenied", "no"};
  run();
  EXPECT_THAT(cloud_.mails[0].message, HasSubstr("could not be looked at again"));
}

TEST_F(ReportTask, GoesOutWhateverABranchLeft) {
  payload_["results"] = json::array{nullptr, 7, json::object{{"environment", "dev"}, {"phases", "?"}}};
  run();
  EXPECT_EQ(cloud_.mails[0].subject, "START STATUS: ABORTED");
  EXPECT_THAT(cloud_.mails[0].message, HasSubstr("its branch left no result"));
  EXPECT_THAT(cloud_.mails[0].message,
              HasSubstr("its branch left no readable result (branch.status: found nothing"));
}

TEST_F(ReportTask, AddsUpAsManyAlarmsAsABranchMayClaim) {
  auto& phases = payload_["results"].as_array()[0].as_object()["phases"].as_array();
  phases[0].as_object()["alarms"] = json::object{{"disabled", 0}, {"enabled", 2'147'483'647}};
  phases.push_back(phases[0]);
  EXPECT_EQ(get_int(run().at("alarms"), "enabled"), 2 * 2'147'483'647LL);
}

TEST_F(ReportTask, WithoutATopicNothingIsSent) {
  payload_["topic"] = "";
  EXPECT_EQ(get_string(run(), "message_id"), "");
  EXPECT_TRUE(cloud_.mails.empty());
}

TEST_F(ReportTask, AReportThatCannotBeSentIsAnError) {
  payload_["topic"] = "nobody";
  const auto answer = run_task({cloud_, clock_}, payload_);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "ReportNotSent");
  EXPECT_THAT(answer.error().message, HasSubstr("to nobody: TopicNotFound"));
}

TEST_F(ReportTask, KnowsTheReasonsOfLargePhases) {
  auto& phase = payload_["results"].as_array()[1].as_object()["phases"].as_array()[0].as_object();
  phase["servers"] = json::array{};
  phase["reasons"] = json::object{{"no capacity", json::array{"AAAAAAAAAAAg"}}};
  const auto answer = run();
  const auto& server = answer.at("environments").at(1).at("phases").at(0).at("servers").at(0);
  EXPECT_EQ(get_string(server, "initial_state"), "stopped");
  EXPECT_EQ(get_string(server, "reason"), "no capacity");
}

TEST_F(ReportTask, StaysWithinTheLimitsOfMailAndPayload) {
  for (int i = 0; i < 5000; ++i) {
    cloud_.add("a-server-with-a-longer-name-" + std::to_string(i), "running").tags["Environment"] = "dev";
  }
  payload_["results"].as_array()[0].as_object()["members"] = json::object{};
  payload_["environments"].as_array()[0].as_object()["phases"].as_array()[0].as_object()["servers"] =
      json::object{{"tags", json::array{json::object{{"Environment", "dev"}}}}};
  const auto answer = run();
  const auto& mail = cloud_.mails[0].message;
  EXPECT_LE(mail.size(), limits::kMessageBytes);
  EXPECT_GT(mail.size(), 200'000U);
  const auto shown = static_cast<int>(std::count(mail.begin(), mail.end(), '\n'));
  EXPECT_THAT(mail.substr(mail.size() - 60),
              testing::ContainsRegex("Cut here: [0-9]+ more servers left out"));
  EXPECT_GT(shown, 2000);
  EXPECT_LE(json_text(answer).size(), limits::kPayloadBytes);
}

}  // namespace
}  // namespace lamplighter::tasks
