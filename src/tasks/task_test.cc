#include "tasks/task.h"

#include <gtest/gtest.h>

#include "tasks/protocol/payload.h"
#include "tasks/protocol/timeouts.h"
#include "tests/support/fake_cloud.h"
#include "tests/support/partly_dark.h"

namespace lamplighter::tasks {
namespace {

/// Payloads of every task, for a fleet of many regions.
std::vector<json::object> payloads() {
  json::array environments;
  for (int i = 0; i < 10; ++i) {
    environments.push_back(*parse_json(fmt::format(
        R"({{"name": "e{0}", "region": "eu-dark-{0}", "phases": [
           {{"name": "db", "servers": {{"names": ["a"], "tags": [{{"T": "1"}}, {{"T": "2"}}]}}, "timeout": 900}}]}})",
        i)));
  }
  Membership members;
  members.first_states["stopped"] = {"i-00000000000000001"};
  auto reconcile = reconcile_payload("start", members);
  reconcile["region"] = "eu-dark-1";
  const json::object survey{
      {"task", "survey"},       {"action", "start"},           {"fleet", "f"},
      {"topic", "t"},           {"topic_region", "eu-dark-1"}, {"environments", environments},
      {"chosen", json::array{}}};
  const json::object admit{
      {"task", "admit"}, {"action", "start"}, {"fleet", "f"}, {"environment", environments[0]}};
  const json::object notify{
      {"task", "notify"}, {"topic", "t"}, {"region", "eu-dark-1"}, {"subject", "s"}, {"body", "b"}};
  return {survey, admit, reconcile, notify};
}

TEST(Task, EachEndsWellBeforeItsTimeoutWhateverIsDark) {
  for (const auto& payload : payloads()) {
    FakeCloud cloud;
    ManualClock clock;
    PartlyDark dark(cloud, clock);
    dark.dark = "eu-";
    const auto began = clock.steady();
    const auto answer = run_task({dark, clock}, payload);
    if (!answer) {
      EXPECT_NE(answer.error().code, kInvalidPayload) << answer.error().message;
    }
    const auto name = get_string(payload, "task");
    const Duration timeout = name == "survey" ? kReportTimeout : kReconcileTimeout;
    EXPECT_GT(clock.steady() - began, Duration::zero()) << name;
    EXPECT_LE(clock.steady() - began, timeout * 3 / 4) << name;
  }
}

}  // namespace
}  // namespace lamplighter::tasks
