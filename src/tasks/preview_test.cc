#include "tasks/preview.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_cloud.h"

namespace lamplighter::tasks {
namespace {

using testing::ContainsRegex;
using testing::Each;
using testing::ElementsAre;
using testing::Not;

PhasePreview preview(FakeCloud& cloud, std::string_view action, const std::vector<std::string>& names) {
  ManualClock clock;
  const DescribedEnvironment environment{"dev", "us-east-1", "", {{"db", {names, {}, {}}, {}}}};
  return preview_phase({cloud, clock}, {*parse_action(action), AlarmMatch::dimension, environment,
                                        environment.phases.front()})
      .value();
}

std::vector<std::string> words(const PhasePreview& preview) {
  std::vector<std::string> out;
  for (const auto& server : preview.servers) out.push_back(server.name + " " + server.words);
  for (const auto& missing : preview.missing) out.push_back(missing.reason);
  for (const auto& alarm : preview.alarms) out.push_back(alarm.name + " " + alarm.words);
  return out;
}

TEST(Preview, ShowsAStartAndChangesNothing) {
  FakeCloud cloud;
  cloud.add_with_alarm("test1", "stopped", true);
  cloud.add_with_alarm("test2", "running", false);
  cloud.add_with_alarm("test3", "stopping", false);
  cloud.alarms["test3-cpu"].enabled = false;  // by a person
  EXPECT_THAT(words(preview(cloud, "start", {"test1", "test2", "test3", "ghost"})),
              ElementsAre("test1 start", "test2 leave running", "test3 wait: stopping, to be started then",
                          "no server is called ghost", "test1-cpu enable", "test2-cpu leave enabled",
                          "test3-cpu leave disabled (not by Lamplighter)"));
  EXPECT_THAT(cloud.calls, Each(Not(ContainsRegex("^(Start|Stop|Enable|Disable|Tag|Untag)"))));
}

TEST(Preview, ShowsAStop) {
  FakeCloud cloud;
  cloud.add_with_alarm("test1", "running", false);
  cloud.add_with_alarm("test2", "stopped", true);
  EXPECT_THAT(
      words(preview(cloud, "stop", {"test1", "test2"})),
      ElementsAre("test1 stop", "test2 leave stopped", "test1-cpu disable", "test2-cpu leave disabled"));
}

TEST(Preview, ShowsServersWhereAlarmsCannotBeSeen) {
  FakeCloud cloud;
  cloud.add("test1", "running");
  cloud.errors["DescribeAlarms"] = {ErrorKind::aws, "AccessDenied", "no"};
  const auto seen = preview(cloud, "stop", {"test1"});
  EXPECT_EQ(seen.servers.size(), 1U);
  EXPECT_EQ(seen.alarms_reason, "AccessDenied: no");
}

}  // namespace
}  // namespace lamplighter::tasks
