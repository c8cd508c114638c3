#include "tasks/protocol/payload.h"

#include <gtest/gtest.h>

#include "tasks/protocol/admit.h"
#include "tasks/protocol/reconcile_answer.h"
#include "tasks/protocol/survey.h"
#include "tasks/protocol/unmute.h"
#include "tasks/task.h"
#include "tests/support/fake_cloud.h"

namespace lamplighter::tasks {
namespace {

json::object with(json::object payload, std::string_view key, json::value value) {
  payload[key] = std::move(value);
  return payload;
}

json::object start() { return reconcile_payload("start"); }

struct BadPayload {
  json::value payload;
  std::string message;
};

TEST(Payload, SaysWhereWhatWasFoundAndWhatWasExpected) {
  const std::vector<BadPayload> cases{
      {json::value("start"), "payload: found \"start\", expected an object"},
      {with(start(), "task", "reboot"),
       R"(payload.task: found "reboot", expected "survey", "admit", "reconcile", "report", "notify", "unmute" or "warn")"},
      {with(start(), "action", 1), "payload.action: found 1, expected a text"},
      {with(start(), "action", "restart"),
       "payload.action: found \"restart\", expected \"start\" or \"stop\""},
      {with(start(), "region", ""), "payload.region: found \"\", expected a text that is not empty"},
      {with(start(), "timeout", 0), "payload.timeout: found 0, expected a whole number from 1 to 2592000"},
      {with(start(), "timeout", 1.5),
       "payload.timeout: found 1.5, expected a whole number from 1 to 2592000"},
      {with(start(), "alarms", "all"),
       "payload.alarms: found \"all\", expected \"none\", \"dimension\" or \"dimension-or-name\""},
      {with(start(), "looks", 0), "payload.looks: found 0, expected a whole number from 1 to 1000000"},
      {with(start(), "since", "now"),
       "payload.since: found \"now\", expected a time such as 2026-11-24T06:00:00.000Z"},
      {with(start(), "members", json::array{}), "payload.members: found a list, expected an object"},
      {with(start(), "members", json::object{{"first_states", json::object{{"stopped", json::array{1}}}}}),
       "payload.members.first_states.stopped[0]: found 1, expected a text that is not empty"},
      {with(start(), "members",
            json::object{{"first_states", json::object{{"stopped", json::array{"abc"}}}}}),
       "payload.members.first_states.stopped: found a list, expected packed instance ids"},
      {with(start(), "memory", json::object{{"deadline", "now"}}),
       "payload.memory.deadline: found \"now\", expected a time such as 2026-11-24T06:00:00.000Z"},
      {with(start(), "memory", 7), "payload.memory: found 7, expected an object"}};
  for (const auto& bad : cases) {
    FakeCloud cloud;
    cloud.add("test1", "stopped");
    ManualClock clock;
    const auto answer = run_task({cloud, clock}, bad.payload);
    ASSERT_FALSE(answer) << bad.message;
    EXPECT_EQ(answer.error().code, "InvalidPayload");
    EXPECT_EQ(answer.error().kind, ErrorKind::bad_input);
    EXPECT_EQ(answer.error().message, bad.message);
    EXPECT_TRUE(cloud.calls.empty()) << "nothing was asked, started or stopped";
  }
}

TEST(Payload, ReadsAReconcile) {
  auto payload = start();
  payload["role"] = "arn:aws:iam::123456789012:role/Lamplighter";
  const auto task = read_reconcile_payload(payload);
  ASSERT_TRUE(task) << task.error().message;
  EXPECT_EQ(task->action, Action::start);
  EXPECT_EQ(task->role_arn, "arn:aws:iam::123456789012:role/Lamplighter");
  EXPECT_EQ(task->timeout, std::chrono::minutes{15});
  EXPECT_TRUE(task->memory.is_null());
}

const Selector kEveryWay{
    {"test1", "tëst \"2\""}, {"i-1"}, {{{"Environment", "dev"}, {"Tier", "db"}}, {{"A", ""}}}};

const std::vector<DescribedEnvironment> kEnvironments{
    {"dev",
     "us-east-1",
     "",
     {{"db", kEveryWay, std::chrono::minutes{40}}, {"app", {{"test3"}, {}, {}}, std::chrono::seconds{90}}}},
    {"test",
     "eu-west-1",
     "arn:aws:iam::123456789012:role/Other",
     {{"db", kEveryWay, std::chrono::minutes{15}}}}};

TEST(Payload, ASurveyAndAnAdmissionComeBackAsTheyWereWritten) {
  SurveyPayload survey{Action::stop, "lower", "mailme", "us-east-1", kEnvironments, {"test"}, "arn:1"};
  EXPECT_EQ(read_survey_payload(to_json(survey)).value(), survey);
  survey.topic.clear();
  survey.topic_region.clear();
  EXPECT_EQ(read_survey_payload(to_json(survey)).value(), survey);
  const SurveyAnswer verdicts{{{"dev", Verdict::run, "", ""},
                               {"test", Verdict::skipped, "", ""},
                               {"prod", Verdict::halted, "db", "no server is called x"}},
                              13,
                              {"no topic"}};
  EXPECT_EQ(read_survey_answer(to_json(verdicts)).value(), verdicts);
  AdmitPayload admission{Action::start, "lower", kEnvironments[1], "arn:1"};
  EXPECT_EQ(read_admit_payload(to_json(admission)).value(), admission);
  for (const auto on_conflict : {OnConflict::takeover, OnConflict::wait, OnConflict::refuse}) {
    admission.on_conflict = on_conflict;
    admission.coordination = {Coordination::Kind::table, "leases", "eu-west-1"};
    admission.started = Time{std::chrono::seconds{1'800'000'000}};
    admission.claim = {3, 1, 40, 70};
    EXPECT_EQ(read_admit_payload(to_json(admission)).value(), admission);
  }
  const AdmitAnswer answer{Admission::run, "", "", {{"db", {{{"stopped", {"i-0123456789abcdef0"}}}, {}}}}};
  EXPECT_EQ(read_admit_answer(to_json(answer)).value(), answer);
  const AdmitAnswer waits{Admission::waiting, "", "stop-1 stops it", {}, 8, {3, 1, 40, 70}};
  EXPECT_EQ(read_admit_answer(to_json(waits)).value(), waits);
  const AdmitAnswer leased{Admission::run, "", "", {}, 1, {}, {7, 0}};
  EXPECT_EQ(read_admit_answer(to_json(leased)).value(), leased);
}

TEST(Payload, AReconcileComesBackAsItWasWritten) {
  for (const auto action : {Action::start, Action::stop}) {
    for (const auto alarms : {AlarmMatch::none, AlarmMatch::dimension, AlarmMatch::dimension_or_name}) {
      ReconcilePayload task;
      task.action = action;
      task.fleet = "lower";
      task.environment = "dev";
      task.phase = "db";
      task.region = "cn-north-1";
      task.role_arn = "arn:aws-cn:iam::123456789012:role/Lamplighter";
      task.members = {{{"stopped", {"i-0123456789abcdef0", "i-12345678"}}, {"running", {"i-9"}}},
                      {{"belongs to the Auto Scaling group web", {"i-0fedcba9876543210"}}}};
      task.room = 7;
      task.since = *parse_time("2026-11-24T06:00:00.123Z");
      task.timeout = std::chrono::minutes{40};
      task.alarms = alarms;
      task.passed = 12;
      task.looks = 13;
      task.pause = 5;
      task.execution = "arn:1";
      task.memory = json::object{{"anything", json::array{1.5, nullptr}}};
      EXPECT_EQ(read_reconcile_payload(to_json(task)).value(), task);
      task.role_arn.clear();
      EXPECT_EQ(read_reconcile_payload(to_json(task)).value(), task);
    }
  }
}

TEST(Payload, AnUnmuteComesBackAsItWasWritten) {
  UnmutePayload task;
  task.action = Action::stop;
  task.fleet = "f";
  task.environments = {{"dev", "us-east-1", "arn:aws:iam::123456789012:role/R", {}}};
  task.since = Time{std::chrono::seconds(1'795'000'000)};
  task.unmute_after = std::chrono::minutes(15);
  task.looks = 7;
  task.execution = "stop-1";
  EXPECT_EQ(read_unmute_payload(to_json(task)).value(), task);
  UnmuteAnswer answer{false, 60, 3, {"a"}, {"b"}, {{"stop-2", 4}}};
  EXPECT_EQ(read_unmute_answer(to_json(answer)).value(), answer);
  answer.done = true;
  EXPECT_EQ(read_unmute_answer(to_json(answer)).value(), answer);
  EXPECT_EQ(read_unmute_answer(json::object{{"status", "over"}}).error().code, kInvalidAnswer);
}

TEST(Payload, AReportComesBackAsItWasWritten) {
  ReportPayload task;
  task.action = Action::stop;
  task.fleet = "lower";
  task.execution = "arn:1";
  task.execution_name = "stop-1";
  task.started_at = *parse_time("2026-11-24T06:00:00.123Z");
  task.environments = kEnvironments;
  task.alarms = AlarmMatch::dimension_or_name;
  task.unmute_after = std::chrono::minutes(15);
  task.ran = {"dev"};
  task.warnings = {"the topic can't be published to"};
  task.survey_error = "no";
  task.results = {json::object{{"environment", "dev"}}, 7};
  EXPECT_EQ(read_report_payload(to_json(task)).value(), task);
}

TEST(Payload, ReportNamesTheBadPart) {
  const json::value payload{{"task", "report"},
                            {"action", "stop"},
                            {"fleet", "f"},
                            {"started_at", "2026-11-24T06:00:00.000Z"},
                            {"environments", json::array{json::object{{"name", "dev"}}}},
                            {"results", json::array{}}};
  const auto task = read_report_payload(payload);
  ASSERT_FALSE(task);
  EXPECT_EQ(task.error().message,
            "payload.environments[0].region: found nothing, expected a text that is not empty");
}

}  // namespace
}  // namespace lamplighter::tasks
