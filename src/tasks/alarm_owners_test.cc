#include "tasks/alarm_owners.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::tasks {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Server server(const std::string& name, const std::string& id) {
  Server one{name, {}};
  one.instance.id = id;
  return one;
}

aws::Alarm of_instances(const std::string& name, const std::vector<std::string>& ids) {
  aws::Alarm alarm;
  alarm.name = name;
  alarm.actions_enabled = true;
  for (const auto& id : ids) alarm.dimensions.emplace("InstanceId", id);
  return alarm;
}

/// An alarm with another dimension, or a composite.
aws::Alarm called(const std::string& name, const std::string& rule = "") {
  aws::Alarm alarm;
  alarm.name = name;
  alarm.arn = "arn:aws:cloudwatch:us-east-1:111122223333:alarm:" + name;
  alarm.actions_enabled = true;
  alarm.rule = rule;
  if (rule.empty()) alarm.dimensions.emplace("LoadBalancer", "x");
  return alarm;
}

/// The owners of an alarm with that name.
std::vector<std::string> owners(const std::string& alarm, const std::vector<std::string>& servers,
                                const std::vector<std::string>& known = {}) {
  std::vector<Server> all;
  for (const auto& name : servers) all.push_back(server(name, "id of " + name));
  return AlarmOwners(AlarmMatch::dimension_or_name, all, known).of(called(alarm));
}

TEST(AlarmOwners, ANameIsAWholeWord) {
  EXPECT_THAT(owners("test1", {"test1"}), ElementsAre("id of test1"));
  EXPECT_THAT(owners("CPU of test1 (dev)", {"test1"}), ElementsAre("id of test1"));
  EXPECT_THAT(owners("cpu/test1: high", {"test1"}), ElementsAre("id of test1"));
  EXPECT_THAT(owners("test1- cpu", {"test1"}), ElementsAre("id of test1")) << "that hyphen leads nowhere";
  EXPECT_THAT(owners("test10 and test1", {"test1"}), ElementsAre("id of test1"));
  EXPECT_THAT(owners("test10 cpu", {"test1"}), IsEmpty());
  EXPECT_THAT(owners("mytest1", {"test1"}), IsEmpty());
  EXPECT_THAT(owners("test1ä", {"test1"}), IsEmpty());
  EXPECT_THAT(owners("anything", {""}), IsEmpty());
}

TEST(AlarmOwners, AHyphenOrUnderscoreThatGoesOnIsNoWordsEnd) {
  EXPECT_THAT(owners("web-elb-5xx", {"web"}), IsEmpty());
  EXPECT_THAT(owners("web_elb", {"web"}), IsEmpty());
  EXPECT_THAT(owners("web--elb", {"web"}), IsEmpty());
  EXPECT_THAT(owners("prod-web disk full", {"web"}), IsEmpty());
  EXPECT_THAT(owners("web-prod disk full", {"web", "web-prod"}), ElementsAre("id of web-prod"));
}

TEST(AlarmOwners, TheLongestNameWins) {
  EXPECT_THAT(owners("web prod disk full", {"web", "web prod"}), ElementsAre("id of web prod"));
  EXPECT_THAT(owners("web prod disk full", {"web", "prod", "web prod"}), ElementsAre("id of web prod"));
  EXPECT_THAT(owners("web and web prod", {"web", "web prod"}), ElementsAre("id of web", "id of web prod"));
}

TEST(AlarmOwners, AnotherEnvironmentsAlarmIsNeverTaken) {
  EXPECT_THAT(owners("web prod disk full", {"web"}, {"web", "web prod"}), IsEmpty());
  EXPECT_THAT(owners("web disk full", {"web"}, {"web", "web prod"}), ElementsAre("id of web"));
}

TEST(AlarmOwners, AnAlarmOfAnotherInstanceIsThatInstancesAlone) {
  const std::vector<Server> servers{server("web-1", "i-1"), server("web-2", "i-2")};
  const AlarmOwners either(AlarmMatch::dimension_or_name, servers, {});
  EXPECT_THAT(either.of(of_instances("a", {"i-1"})), ElementsAre("i-1"));
  EXPECT_THAT(either.of(of_instances("metric math", {"i-2", "i-1", "i-9", "i-1"})),
              ElementsAre("i-1", "i-2"));
  EXPECT_THAT(either.of(of_instances("web-1 disk", {"i-99"})), IsEmpty());
  EXPECT_THAT(either.of(called("web-1 web-2 latency")), ElementsAre("i-1", "i-2"));
  const AlarmOwners by_dimension(AlarmMatch::dimension, servers, {});
  EXPECT_THAT(by_dimension.of(called("web-1 latency")), IsEmpty());
  EXPECT_THAT(by_dimension.of(of_instances("a", {"i-1"})), ElementsAre("i-1"));
  EXPECT_THAT(AlarmOwners(AlarmMatch::none, servers, {}).of(of_instances("a", {"i-1"})), IsEmpty());
}

/// "NAME" for each composite over `own` that may be muted, "NAME: LOUD" for the others.
std::vector<std::string> composites(const std::vector<aws::Alarm>& alarms, const std::set<std::string>& own,
                                    const std::set<std::string>& muted) {
  std::vector<std::string> words;
  for (const auto& [alarm, loud] :
       composites_over(alarms, own, [&](const aws::Alarm& one) { return muted.count(one.name) > 0; })) {
    words.push_back(loud.empty() ? alarm->name : alarm->name + ": " + loud);
  }
  return words;
}

TEST(Composites, OneMayBeMutedWhenEveryAlarmOfItsRuleIs) {
  const std::vector<aws::Alarm> alarms{called("a"), called("b"), called("both", "ALARM(a) AND ALARM(b)"),
                                       called("other", "ALARM(c)")};
  EXPECT_THAT(composites(alarms, {"a"}, {"a", "b"}), ElementsAre("both"));
  EXPECT_THAT(composites(alarms, {"a"}, {"a"}), ElementsAre("both: b"));
  EXPECT_THAT(composites(alarms, {"x"}, {"a", "b"}), IsEmpty()) << "none of ours is in it";
}

TEST(Composites, AnArnIsItsAlarm) {
  EXPECT_THAT(composites({called("a"), called("c", "OK(arn:aws:cloudwatch:us-east-1:111122223333:alarm:a)")},
                         {"a"}, {"a"}),
              ElementsAre("c"));
}

TEST(Composites, CompositesOfCompositesAreFollowed) {
  const std::vector<aws::Alarm> alarms{called("a"), called("b"), called("inner", "ALARM(a)"),
                                       called("outer", "ALARM(inner) OR ALARM(b)")};
  EXPECT_THAT(composites(alarms, {"a"}, {"a", "b"}), ElementsAre("inner", "outer"));
  EXPECT_THAT(composites(alarms, {"a"}, {"a"}), ElementsAre("inner", "outer: b"));
}

TEST(Composites, WhatIsNotKnownOrNotUnderstoodIsLoud) {
  EXPECT_THAT(composites({called("a"), called("c", "ALARM(a) AND ALARM(deleted)")}, {"a"}, {"a"}),
              ElementsAre("c: deleted"));
  EXPECT_THAT(composites({called("a"), called("c", "ALARM(a) XOR ALARM(b)")}, {"a"}, {"a"}),
              ElementsAre("c: something"));
  const std::vector<aws::Alarm> circle{called("a"), called("c", "ALARM(a) OR ALARM(d)"),
                                       called("d", "ALARM(c)")};
  EXPECT_THAT(composites(circle, {"a"}, {"a"}), ElementsAre("c: c", "d: d"));
}

}  // namespace
}  // namespace lamplighter::tasks
