#include "tasks/protocol/payload.h"

#include <gtest/gtest.h>

#include "tasks/task.h"
#include "tests/support/fake_cloud.h"

namespace lamplighter::tasks {
namespace {

json::object with(json::object payload, std::string_view key, json::value value) {
  payload[key] = std::move(value);
  return payload;
}

json::object start() { return reconcile_payload("start", {"test1"}); }

struct BadPayload {
  json::value payload;
  std::string message;
};

TEST(Payload, SaysWhereWhatWasFoundAndWhatWasExpected) {
  const std::vector<BadPayload> cases{
      {json::value("start"), "payload: found \"start\", expected an object"},
      {with(start(), "task", "reboot"),
       "payload.task: found \"reboot\", expected \"reconcile\" or \"report\""},
      {with(start(), "action", 1), "payload.action: found 1, expected a text"},
      {with(start(), "action", "restart"),
       "payload.action: found \"restart\", expected \"start\" or \"stop\""},
      {with(start(), "region", ""), "payload.region: found \"\", expected a text that is not empty"},
      {with(start(), "timeout", 0), "payload.timeout: found 0, expected a whole number from 1 to 2592000"},
      {with(start(), "timeout", 1.5),
       "payload.timeout: found 1.5, expected a whole number from 1 to 2592000"},
      {with(start(), "alarms", "all"),
       "payload.alarms: found \"all\", expected \"none\", \"dimension\" or \"dimension-or-name\""},
      {with(start(), "wait", json::object{{"min", 5}, {"max", 1}}),
       "payload.wait.max: found 1, expected a whole number from 5 to 86400"},
      {with(start(), "servers", json::object{}),
       "payload.servers: found an object, expected at least one of names, ids and tags"},
      {with(start(), "servers", json::object{{"names", json::array{1}}}),
       "payload.servers.names[0]: found 1, expected a text that is not empty"},
      {with(start(), "servers", json::object{{"tags", json::array{json::object{}}}}),
       "payload.servers.tags[0]: found an object, expected at least one tag"},
      {with(start(), "memory", json::object{{"started_at", "now"}}),
       "payload.memory.started_at: found \"now\", expected a time such as 2026-11-24T06:00:00.000Z"},
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
  payload["servers"] =
      json::object{{"tags", json::array{json::object{{"Tier", "db"}, {"Environment", "dev"}}}}};
  const auto task = read_reconcile_payload(payload);
  ASSERT_TRUE(task) << task.error().message;
  EXPECT_EQ(task->action, Action::start);
  EXPECT_EQ(task->role_arn, "arn:aws:iam::123456789012:role/Lamplighter");
  EXPECT_EQ(task->servers.tags, (std::vector<Tags>{{{"Environment", "dev"}, {"Tier", "db"}}}));
  EXPECT_EQ(task->timeout, std::chrono::minutes{15});
  EXPECT_TRUE(task->memory.is_null());
}

const Selector kEveryWay{
    {"test1", "tëst \"2\""}, {"i-1"}, {{{"Environment", "dev"}, {"Tier", "db"}}, {{"A", ""}}}};

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
      task.servers = kEveryWay;
      task.servers_listed = 7;
      task.timeout = std::chrono::minutes{40};
      task.alarms = alarms;
      task.wait = {15, 60};
      task.execution = "arn:1";
      task.memory = json::object{{"anything", json::array{1.5, nullptr}}};
      EXPECT_EQ(read_reconcile_payload(to_json(task)).value(), task);
      task.role_arn.clear();
      EXPECT_EQ(read_reconcile_payload(to_json(task)).value(), task);
    }
  }
}

TEST(Payload, AReportComesBackAsItWasWritten) {
  ReportPayload task;
  task.action = Action::stop;
  task.fleet = "lower";
  task.topic = "mailme";
  task.region = "us-east-1";
  task.execution = "arn:1";
  task.execution_name = "stop-1";
  task.started_at = *parse_time("2026-11-24T06:00:00.123Z");
  task.environments = {{"dev", "us-east-1", "", {{"db", kEveryWay}, {"app", {{"test3"}, {}, {}}}}},
                       {"test", "eu-west-1", "arn:aws:iam::123456789012:role/Other", {{"db", kEveryWay}}}};
  task.results = {json::object{{"environment", "dev"}}, 7};
  EXPECT_EQ(read_report_payload(to_json(task)).value(), task);
  task.topic.clear();
  EXPECT_EQ(read_report_payload(to_json(task)).value(), task);
}

TEST(Payload, ReportNamesTheBadPart) {
  const json::value payload{{"task", "report"},
                            {"action", "stop"},
                            {"fleet", "f"},
                            {"region", "us-east-1"},
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
