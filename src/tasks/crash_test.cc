// A process may die between any two of its calls to AWS. Whatever it leaves behind, the next run ends where
// an undisturbed one does, alarms included.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tasks/protocol/unmute.h"
#include "tasks/task.h"
#include "tests/support/fake_cloud.h"

namespace lamplighter::tasks {
namespace {

const std::vector<std::string>& names() {
  static const std::vector<std::string> all{"test1", "test2", "test3"};
  return all;
}

/// Three servers, one of which is already where the action wants it, an alarm each, one disabled by a person,
/// and a neighbour whose alarm is nobody's business.
FakeCloud cloud_before(const std::string& action) {
  FakeCloud cloud;
  const bool start = action == "start";
  const std::string from = start ? "stopped" : "running";
  cloud.add_with_alarm("test1", from, start);
  cloud.add_with_alarm("test2", from, start);
  cloud.add_with_alarm("test3", start ? "running" : "stopped", false);
  cloud.alarms["test2-by-a-person"] = {.instance_id = cloud.named("test2").id, .enabled = false};
  cloud.alarms["neighbour"] = {.instance_id = "i-99"};
  return cloud;
}

/// Looks until all alarms are heard. False: the process died.
bool unmute(FakeCloud& cloud, ManualClock& clock) {
  UnmutePayload task;
  task.fleet = "fleet";
  task.environments = {{"dev", "us-east-1", "", {}}};
  task.since = clock.now();
  const auto answer = run_task({cloud, clock}, to_json(task));
  return answer && get_string(*answer, "status") == "done";
}

/// Looks until the phase has ended, and after a start gives its alarms their voice. False: the process died.
bool run(FakeCloud& cloud, ManualClock& clock, const std::string& action) {
  auto payload = admitted({cloud, clock}, action, Selector{names(), {}, {}});
  for (int look = 0; look < 100; ++look) {
    const auto answer = run_task({cloud, clock}, payload);
    if (!answer) return false;
    payload["memory"] = answer->at("memory");
    const auto status = get_string(*answer, "status");
    if (status == "ready") return action == "stop" || unmute(cloud, clock);
    if (status == "failed") return false;
    clock.sleep(std::chrono::seconds{get_int(*answer, "wait_seconds")});
    cloud.settle();
  }
  return false;
}

void expect_as_after_an_undisturbed_run(FakeCloud& cloud, const std::string& action, int died_after) {
  const bool started = action == "start";
  for (const auto& name : names()) {
    EXPECT_EQ(cloud.named(name).state, started ? "running" : "stopped")
        << action << ", died after " << died_after;
    const auto& alarm = cloud.alarms[name + "-cpu"];
    EXPECT_EQ(alarm.enabled, started) << name << ", " << action << ", died after " << died_after;
    EXPECT_EQ(alarm.tags.count("lamplighter:muted"), started ? 0U : 1U)
        << name << ", died after " << died_after;
  }
  EXPECT_FALSE(cloud.alarms["test2-by-a-person"].enabled) << "died after " << died_after;
  EXPECT_TRUE(cloud.alarms["test2-by-a-person"].tags.empty()) << "died after " << died_after;
  EXPECT_TRUE(cloud.alarms["neighbour"].enabled);
}

class Crash : public testing::TestWithParam<std::string> {};

TEST_P(Crash, BetweenAnyTwoCallsLeavesNothingLost) {
  ManualClock clock;
  FakeCloud undisturbed = cloud_before(GetParam());
  ASSERT_TRUE(run(undisturbed, clock, GetParam()));
  const int calls = static_cast<int>(undisturbed.calls.size());
  ASSERT_GT(calls, 5);
  for (int died_after = 0; died_after <= calls; ++died_after) {
    FakeCloud cloud = cloud_before(GetParam());
    cloud.dies_after = died_after;
    run(cloud, clock, GetParam());
    cloud.dies_after.reset();
    cloud.settle();
    ASSERT_TRUE(run(cloud, clock, GetParam())) << "died after " << died_after;
    expect_as_after_an_undisturbed_run(cloud, GetParam(), died_after);
  }
}

TEST_P(Crash, IsMendedByTheOppositeActionToo) {
  ManualClock clock;
  const std::string opposite = GetParam() == "start" ? "stop" : "start";
  FakeCloud undisturbed = cloud_before(GetParam());
  ASSERT_TRUE(run(undisturbed, clock, GetParam()));
  for (int died_after = 0; died_after <= static_cast<int>(undisturbed.calls.size()); ++died_after) {
    FakeCloud cloud = cloud_before(GetParam());
    cloud.dies_after = died_after;
    run(cloud, clock, GetParam());
    cloud.dies_after.reset();
    ASSERT_TRUE(run(cloud, clock, opposite)) << "died after " << died_after;
    expect_as_after_an_undisturbed_run(cloud, opposite, died_after);
  }
}

INSTANTIATE_TEST_SUITE_P(BothActions, Crash, testing::Values("start", "stop"));

}  // namespace
}  // namespace lamplighter::tasks
