#include "tasks/unmute.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tasks/alarm_desk.h"
#include "tests/support/fake_cloud.h"

namespace lamplighter::tasks {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

AlarmTags marked(const std::string& value) { return {{std::string(kMutedTag), value}}; }

class Unmute : public testing::Test {
 protected:
  UnmuteAnswer look(Action action = Action::start) {
    AlarmDesks desks;
    UnmutePayload task;
    task.action = action;
    task.fleet = "fleet";
    task.environments = {{"dev", "us-east-1", "", {{"db", {{"test1", "test2"}, {}, {}}, minutes(15)}}}};
    task.since = kReported;
    task.unmute_after = minutes(15);
    task.looks = looks_;
    task.alarms = match_;
    task.execution = "arn:aws:states:us-east-1:1:execution:m:start-1";
    task.began = kReported - minutes(5);
    const auto answer = run_task({cloud_, clock_, false, nullptr, &desks}, to_json(task));
    EXPECT_TRUE(answer) << answer.error().message;
    --looks_;
    return read_unmute_answer(*answer).value();
  }
  bool is_heard(const std::string& alarm) {
    return cloud_.alarms[alarm].enabled && cloud_.alarms[alarm].tags.empty();
  }

  static constexpr Time kReported{seconds(1'795'000'000)};
  FakeCloud cloud_;
  ManualClock clock_{kReported};
  int looks_ = 16;
  AlarmMatch match_ = AlarmMatch::dimension;
};

TEST_F(Unmute, AnAlarmIsHeardOnceItIsOk) {
  cloud_.add_with_alarm("test1", "running", true);
  cloud_.add_with_alarm("test2", "running", true);
  cloud_.alarms["test2-cpu"].state = "INSUFFICIENT_DATA";
  auto answer = look();
  EXPECT_FALSE(answer.done);
  EXPECT_TRUE(is_heard("test1-cpu"));
  EXPECT_FALSE(is_heard("test2-cpu"));
  EXPECT_THAT(answer.left, ElementsAre("test2-cpu"));
  EXPECT_EQ(answer.wait_seconds, 75) << "a twelfth of the bound";
  cloud_.alarms["test2-cpu"].state = "OK";
  clock_.sleep(seconds(75));
  answer = look();
  EXPECT_TRUE(answer.done);
  EXPECT_TRUE(is_heard("test2-cpu"));
  EXPECT_EQ(answer.enabled, 1);
}

TEST_F(Unmute, TheLooksReachTheBoundThoughSomeAreLost) {
  cloud_.add_with_alarm("test1", "running", true);
  cloud_.alarms["test1-cpu"].state = "ALARM";
  for (int look_number = 1; look_number <= 13; ++look_number) {
    if (look_number == 5) looks_ -= 4;  // errors, caught by the machine
    const auto answer = look();
    if (answer.done) break;
    clock_.sleep(seconds(answer.wait_seconds));
  }
  EXPECT_TRUE(is_heard("test1-cpu"));
  EXPECT_GE(looks_, 3) << "for what does not go well at the bound";
  EXPECT_EQ(clock_.now() - kReported, minutes(15));
}

TEST_F(Unmute, WhatALaterRunCountsOnIsNotItsBusiness) {
  const auto by = [](const std::string& words) {
    return AlarmTags{{std::string(kMutedTag), "fleet/dev/db"}, {std::string(kMutedByTag), words}};
  };
  for (const auto* name : {"test1", "test2", "test3", "test4"}) cloud_.add_with_alarm(name, "running", true);
  cloud_.alarms["test1-cpu"].tags = by("2026-11-18T11:00:00.000Z stop-1");
  cloud_.alarms["test2-cpu"].tags = by("2026-11-18T11:04:00.000Z stop-2 2026-11-18T11:03:59.000Z");
  cloud_.alarms["test3-cpu"].tags = by("2026-11-18T11:04:00.000Z stop-1 2026-11-18T11:01:00.000Z");
  cloud_.alarms["test4-cpu"].tags = by("2026-11-18T11:00:00.000Z stop-2 2026-11-18T11:03:59.000Z");
  clock_.sleep(minutes(15));
  const auto answer = look();
  EXPECT_TRUE(answer.done);
  EXPECT_TRUE(is_heard("test1-cpu"));
  EXPECT_FALSE(cloud_.alarms["test2-cpu"].enabled) << "muted before the report, by a run that began later";
  EXPECT_TRUE(is_heard("test3-cpu")) << "muted while it ran, by a run that it has overtaken";
  EXPECT_FALSE(cloud_.alarms["test4-cpu"].enabled) << "taken over";
  EXPECT_THAT(answer.later, ElementsAre(testing::Pair("stop-2", 2)));
  EXPECT_THAT(answer.left, IsEmpty());
}

TEST_F(Unmute, AMarkOfAClockThatRanAheadIsOfNoLaterRun) {
  cloud_.add_with_alarm("test1", "running", true);
  cloud_.alarms["test1-cpu"].tags = {
      {std::string(kMutedTag), "fleet/dev/db"},
      {std::string(kMutedByTag), "2026-11-18T14:00:00.000Z stop-1 2026-11-18T13:59:00.000Z"}};
  clock_.sleep(minutes(15));
  const auto answer = look();
  EXPECT_TRUE(is_heard("test1-cpu")) << "the stop ended before this start began, whatever its clock said";
  EXPECT_TRUE(answer.later.empty());
}

TEST_F(Unmute, AfterTheBoundEveryAlarmIsHeard) {
  cloud_.add_with_alarm("test1", "running", true);
  cloud_.alarms["test1-cpu"].state = "ALARM";
  clock_.sleep(minutes(14) + seconds(50));
  EXPECT_EQ(look().wait_seconds, 10) << "not past the bound";
  clock_.sleep(seconds(10));
  EXPECT_TRUE(look().done);
  EXPECT_TRUE(is_heard("test1-cpu"));
}

TEST_F(Unmute, MarksDecideAndNotTheFile) {
  cloud_.alarms["of a server that left"] = {
      .instance_id = "i-9", .enabled = false, .tags = marked("fleet/dev/old")};
  cloud_.alarms["composite"] = {.enabled = false, .tags = marked("fleet/dev/db"), .rule = "ALARM(x)"};
  cloud_.alarms["other environment"] = {.enabled = false, .tags = marked("fleet/test/db")};
  cloud_.alarms["other fleet"] = {.enabled = false, .tags = marked("other/dev/db")};
  cloud_.alarms["a person's"] = {.enabled = false};
  const auto answer = look();
  EXPECT_TRUE(answer.done);
  EXPECT_EQ(answer.enabled, 2);
  EXPECT_TRUE(is_heard("of a server that left"));
  EXPECT_TRUE(is_heard("composite"));
  EXPECT_FALSE(cloud_.alarms["other environment"].enabled);
  EXPECT_FALSE(cloud_.alarms["other fleet"].enabled);
  EXPECT_FALSE(cloud_.alarms["a person's"].enabled);
}

TEST_F(Unmute, AMarkThatWasLeftOverGoes) {
  cloud_.add_with_alarm("test1", "running", true);
  cloud_.alarms["test1-cpu"].enabled = true;  // muting died after marking
  cloud_.alarms["test1-cpu"].state = "ALARM";
  const auto answer = look();
  EXPECT_EQ(answer.enabled, 0);
  EXPECT_THAT(cloud_.alarms["test1-cpu"].tags, IsEmpty());
}

TEST_F(Unmute, AfterAStopOnlyAlarmsOfWhatRunsOnAreHeard) {
  cloud_.add_with_alarm("test1", "running", true);
  cloud_.add_with_alarm("test2", "stopped", true);
  cloud_.alarms["test1 latency"] = {.enabled = false, .tags = marked("fleet/dev/db")};
  cloud_.alarms["test2 latency"] = {.enabled = false, .tags = marked("fleet/dev/db")};
  const auto answer = look(Action::stop);
  EXPECT_TRUE(answer.done);
  EXPECT_EQ(answer.enabled, 2);
  EXPECT_TRUE(is_heard("test1-cpu"));
  EXPECT_TRUE(is_heard("test1 latency"));
  EXPECT_FALSE(is_heard("test2-cpu"));
  EXPECT_FALSE(is_heard("test2 latency"));
}

TEST_F(Unmute, AfterAStopACompositeIsHeardOnceNothingThatItAsksForStaysMuted) {
  cloud_.add_with_alarm("test1", "running", true);
  cloud_.add_with_alarm("test2", "stopped", true);
  const auto silent = [](const std::string& rule) {
    return FakeAlarm{.enabled = false, .tags = marked("fleet/dev/db"), .rule = rule};
  };
  cloud_.alarms["of one"] = silent("ALARM(test1-cpu)");
  cloud_.alarms["of both"] = silent("ALARM(test1-cpu) AND ALARM(test2-cpu)");
  cloud_.alarms["of composites"] = silent("ALARM(\"of one\") OR ALARM(\"of both\")");
  EXPECT_EQ(look(Action::stop).enabled, 2);
  EXPECT_TRUE(is_heard("of one"));
  EXPECT_FALSE(cloud_.alarms["of both"].enabled);
  EXPECT_FALSE(cloud_.alarms["of composites"].enabled);
}

TEST_F(Unmute, TheLastLooksOutlastAnOutageOfTwentyMinutes) {
  cloud_.add_with_alarm("test1", "running", true);
  cloud_.errors["DescribeAlarms"] = {ErrorKind::aws, "ServiceUnavailable", "out of order"};
  UnmuteAnswer answer;
  while (looks_ > 0) {
    answer = look();
    EXPECT_FALSE(answer.done);
    if (looks_ > 0) clock_.sleep(seconds(answer.wait_seconds));
  }
  EXPECT_GE(clock_.now(), kReported + minutes(15 + 20));
  EXPECT_THAT(muted_words(answer.left, answer.troubles), HasSubstr("ServiceUnavailable"));
}

TEST_F(Unmute, WhoWantsNoAlarmTouchedNeedNotPermitALook) {
  cloud_.errors["DescribeAlarms"] = {ErrorKind::aws, "AccessDenied", "no"};
  match_ = AlarmMatch::none;
  auto answer = look();
  EXPECT_TRUE(answer.done);
  EXPECT_THAT(answer.troubles, IsEmpty());
  match_ = AlarmMatch::dimension;
  answer = look();
  EXPECT_TRUE(answer.done);
  EXPECT_THAT(answer.troubles, ElementsAre(HasSubstr("AccessDenied")));
}

TEST_F(Unmute, WhatPassesIsTriedAgainAndWhatDoesNotIsTold) {
  cloud_.add_with_alarm("test1", "running", true);
  cloud_.add_with_alarm("test2", "running", true);
  cloud_.errors["EnableAlarmActions"] = {ErrorKind::aws, "Throttling", "slow down"};
  auto answer = look();
  EXPECT_FALSE(answer.done);
  EXPECT_THAT(answer.troubles, ElementsAre(HasSubstr("Throttling")));
  EXPECT_LE(clock_.now() - kReported, seconds(61)) << "a look ends well before its timeout";
  cloud_.errors.clear();
  cloud_.refused_alarms["test2-cpu"] = {ErrorKind::aws, "AccessDenied", "no"};
  answer = look();
  EXPECT_TRUE(answer.done);
  EXPECT_TRUE(is_heard("test1-cpu"));
  EXPECT_THAT(answer.troubles, ElementsAre(HasSubstr("test2-cpu could not be enabled (AccessDenied")));
  EXPECT_THAT(answer.left, ElementsAre("test2-cpu")) << "it stays muted";
  EXPECT_EQ(muted_words(answer.left, {}), "alarms that are still muted: test2-cpu");
  EXPECT_EQ(muted_words({}, {}), "");
}

TEST_F(Unmute, ThousandsTakeOneLook) {
  for (int i = 0; i < 1000; ++i) {
    cloud_.alarms["a" + std::to_string(i)] = {.enabled = false, .tags = marked("fleet/dev/db")};
  }
  const auto answer = look();
  EXPECT_TRUE(answer.done);
  EXPECT_EQ(answer.enabled, 1000);
}

}  // namespace
}  // namespace lamplighter::tasks
