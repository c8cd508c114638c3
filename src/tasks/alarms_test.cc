#include "tasks/alarms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_cloud.h"

namespace lamplighter::tasks {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(HoldsWord, Test1IsNotTest10) {
  EXPECT_TRUE(holds_word("test1", "test1"));
  EXPECT_TRUE(holds_word("CPU of test1 (dev)", "test1"));
  EXPECT_TRUE(holds_word("test1-cpu", "test1"));
  EXPECT_TRUE(holds_word("test10 and test1", "test1"));
  EXPECT_FALSE(holds_word("test10-cpu", "test1"));
  EXPECT_FALSE(holds_word("mytest1", "test1"));
  EXPECT_FALSE(holds_word("test1_cpu", "test1"));
  EXPECT_FALSE(holds_word("test1ä", "test1"));
  EXPECT_FALSE(holds_word("anything", ""));
}

TEST(AlarmsOf, ADimensionDecidesBeforeAName) {
  std::vector<Server> servers(2);
  servers[0] = {"web-1", {}};
  servers[0].instance.id = "i-1";
  servers[1] = {"web-2", {}};
  servers[1].instance.id = "i-2";
  const std::vector<aws::Alarm> alarms{
      {"a", "", true, {{"InstanceId", "i-1"}}},
      {"b", "", true, {{"InstanceId", "i-2"}, {"InstanceId", "i-1"}, {"InstanceId", "i-9"}}},
      {"web-1 disk", "", true, {{"InstanceId", "i-99"}}},
      {"web-1 web-2 latency", "", true, {{"LoadBalancer", "x"}}},
      {"web-11 latency", "", true, {}}};
  const auto by_dimension = alarms_of(servers, AlarmMatch::dimension, alarms);
  ASSERT_EQ(by_dimension.size(), 2U);
  EXPECT_THAT(by_dimension[0].server_ids, ElementsAre("i-1"));
  EXPECT_THAT(by_dimension[1].server_ids, ElementsAre("i-1", "i-2")) << "metric math over several servers";
  const auto by_either = alarms_of(servers, AlarmMatch::dimension_or_name, alarms);
  ASSERT_EQ(by_either.size(), 3U);
  EXPECT_EQ(by_either[2].alarm.name, "web-1 web-2 latency");
  EXPECT_THAT(by_either[2].server_ids, ElementsAre("i-1", "i-2"));
}

TEST(MutedBy, HoldsOnlyWhatATagMay) {
  ReconcilePayload task;
  task.fleet = "lower (ö)";
  task.environment = "dev";
  task.phase = std::string(300, 'x');
  const auto value = muted_by(task);
  EXPECT_EQ(value.size(), 256U);
  EXPECT_THAT(value, testing::StartsWith("lower ____/dev/xxx"));
}

class Alarms : public testing::Test {
 protected:
  std::vector<Server> servers() {
    std::vector<Server> out;
    for (const auto& server : cloud_.servers) {
      out.push_back({server.tags.at("Name"), {}});
      out.back().instance.id = server.id;
    }
    return out;
  }
  AlarmWork mute() {
    return mute_alarms(cloudwatch_, clock_, servers(), AlarmMatch::dimension, "fleet/dev/db");
  }
  AlarmWork unmute(const std::vector<std::string>& healthy, const std::string& after = "") {
    std::set<std::string> ids;
    for (const auto& name : healthy) ids.insert(cloud_.named(name).id);
    return unmute_alarms(cloudwatch_, clock_, servers(), AlarmMatch::dimension, ids, after);
  }

  FakeCloud cloud_;
  ManualClock clock_;
  aws::CloudWatch cloudwatch_{cloud_, {"us-east-1", ""}};
};

TEST_F(Alarms, MutingMarksFirstAndLeavesWhatAPersonDisabled) {
  cloud_.add_with_alarm("test1", "running", false);
  cloud_.add_with_alarm("test2", "running", false);
  cloud_.alarms["test2-cpu"].enabled = false;  // by a person
  cloud_.alarms["test10-cpu"] = {.instance_id = "i-10"};
  const auto work = mute();
  EXPECT_EQ(work.changed, 1);
  EXPECT_TRUE(work.finished);
  EXPECT_THAT(work.loud, IsEmpty());
  EXPECT_FALSE(cloud_.alarms["test1-cpu"].enabled);
  EXPECT_EQ(cloud_.alarms["test1-cpu"].tags.at("lamplighter:muted"), "fleet/dev/db");
  EXPECT_THAT(cloud_.alarms["test2-cpu"].tags, IsEmpty());
  EXPECT_TRUE(cloud_.alarms["test10-cpu"].enabled);
  EXPECT_THAT(cloud_.calls, ElementsAre("DescribeAlarms ", testing::StartsWith("TagResource"),
                                        "DisableAlarmActions test1-cpu"));
}

TEST_F(Alarms, UnmutingEnablesOnlyTheMarkedOnesOfHealthyServers) {
  cloud_.add_with_alarm("test1", "running", true);
  cloud_.add_with_alarm("test2", "running", true);
  cloud_.add_with_alarm("test3", "running", false);
  cloud_.alarms["test3-cpu"].enabled = false;  // by a person
  const auto work = unmute({"test1", "test3"});
  EXPECT_EQ(work.changed, 1);
  EXPECT_TRUE(work.finished);
  EXPECT_TRUE(cloud_.alarms["test1-cpu"].enabled);
  EXPECT_THAT(cloud_.alarms["test1-cpu"].tags, IsEmpty());
  EXPECT_FALSE(cloud_.alarms["test2-cpu"].enabled) << "its server is not healthy";
  EXPECT_FALSE(cloud_.alarms["test3-cpu"].enabled);
}

TEST_F(Alarms, UnmutingTakesAStaleMarkAway) {
  cloud_.add_with_alarm("test1", "running", true);
  cloud_.alarms["test1-cpu"].enabled = true;  // muting died after marking
  EXPECT_EQ(unmute({"test1"}).changed, 0);
  EXPECT_THAT(cloud_.alarms["test1-cpu"].tags, IsEmpty());
}

TEST_F(Alarms, ServersWhoseAlarmsMayRingAreLoud) {
  cloud_.add_with_alarm("test1", "running", false);
  cloud_.add_with_alarm("test2", "running", false);
  cloud_.errors["DescribeAlarms"] = {ErrorKind::aws, "AccessDenied", "no"};
  EXPECT_EQ(mute().loud.size(), 2U);
  cloud_.errors.clear();
  cloud_.errors["DisableAlarmActions"] = {ErrorKind::aws, "AccessDenied", "no"};
  const auto work = mute();
  EXPECT_EQ(work.loud.size(), 2U);
  EXPECT_EQ(work.changed, 0);
  EXPECT_EQ(work.error->code, "AccessDenied");
}

TEST_F(Alarms, ALookThatRunsOutOfTimeGoesOnInTheNext) {
  struct SlowClock final : Clock {
    mutable Time time{};
    [[nodiscard]] Time now() const override { return time += std::chrono::seconds{16}; }
    void sleep(Duration) override {}
  } slow;
  for (int i = 100; i < 200; ++i) cloud_.add_with_alarm("test" + std::to_string(i), "running", true);
  std::set<std::string> healthy;
  for (const auto& server : cloud_.servers) healthy.insert(server.id);
  std::string after;
  int enabled = 0;
  int looks = 0;
  for (bool finished = false; !finished && looks < 10; ++looks) {
    const auto work = unmute_alarms(cloudwatch_, slow, servers(), AlarmMatch::dimension, healthy, after);
    enabled += work.changed;
    after = work.after;
    finished = work.finished;
  }
  EXPECT_EQ(enabled, 100);
  EXPECT_EQ(looks, 2);
  EXPECT_EQ(cloud_.calls_of("ListTagsForResource").size(), 100U) << "none twice";
}

}  // namespace
}  // namespace lamplighter::tasks
