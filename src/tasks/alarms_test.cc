#include "tasks/alarms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_cloud.h"

namespace lamplighter::tasks {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

const Error kDenied{ErrorKind::aws, "AccessDeniedException", "no"};
const Error kThrottled{ErrorKind::aws, "Throttling", "Rate exceeded"};

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
  AlarmScope scope() {
    return {AlarmMatch::dimension, {"fleet", "dev", "db", clock_.now(), "stop-1", kBegan}, {}};
  }
  /// A mark as another execution left it.
  static std::map<std::string, std::string> marked(const std::string& execution, Time began,
                                                   const std::string& fleet = "fleet") {
    return tags_of({fleet, "dev", "db", began + std::chrono::seconds(9), execution, began});
  }
  AlarmWork mute() { return mute_alarms(context_, desk_, servers(), scope()); }
  AlarmWork unmute(const std::vector<std::string>& stopped = {}) {
    std::set<std::string> ids;
    for (const auto& name : stopped) ids.insert(cloud_.named(name).id);
    return unmute_alarms(context_, desk_, servers(), ids, scope());
  }
  /// Another process.
  void restart() {
    desk_.~AlarmDesk();
    new (&desk_) AlarmDesk(aws::Target{"us-east-1", ""});
  }
  std::optional<Error> loud(const AlarmWork& work, const std::string& name) {
    return work.loud.at(cloud_.named(name).id);
  }
  bool is_loud(const AlarmWork& work, const std::string& name) {
    return work.loud.count(cloud_.named(name).id) > 0;
  }

  static constexpr Time kBegan{std::chrono::seconds(1'795'000'000)};
  FakeCloud cloud_;
  ManualClock clock_{kBegan};
  Context context_{cloud_, clock_};
  AlarmDesk desk_{aws::Target{"us-east-1", ""}};
};

TEST_F(Alarms, MutingMarksFirstAndLeavesWhatAPersonDisabled) {
  cloud_.add_with_alarm("test1", "running", false);
  cloud_.add_with_alarm("test2", "running", false);
  cloud_.alarms["test2-cpu"].enabled = false;  // by a person
  cloud_.alarms["test10-cpu"] = {.instance_id = "i-10"};
  const auto work = mute();
  EXPECT_EQ(work.muted, 1);
  EXPECT_TRUE(work.finished);
  EXPECT_THAT(work.loud, IsEmpty());
  EXPECT_FALSE(cloud_.alarms["test1-cpu"].enabled);
  EXPECT_EQ(cloud_.alarms["test1-cpu"].tags.at("lamplighter:muted"), "fleet/dev/db");
  EXPECT_EQ(cloud_.alarms["test1-cpu"].tags.at("lamplighter:muted-by"),
            "2026-11-18T11:06:40.000Z stop-1 2026-11-18T11:06:40.000Z");
  EXPECT_THAT(cloud_.alarms["test2-cpu"].tags, IsEmpty());
  EXPECT_TRUE(cloud_.alarms["test10-cpu"].enabled);
  const std::vector<std::string> first(cloud_.calls.begin(), cloud_.calls.begin() + 3);
  EXPECT_THAT(first,
              ElementsAre("DescribeAlarms ", StartsWith("TagResources"), "DisableAlarmActions test1-cpu"));
}

TEST_F(Alarms, WhatAnEarlierRunMutedIsTakenOver) {
  cloud_.add_with_alarm("test1", "running", true);
  cloud_.add_with_alarm("test2", "running", true);
  cloud_.alarms["test1-cpu"].tags = marked("stop-0", kBegan - std::chrono::hours(8));
  cloud_.alarms["test2-cpu"].tags = FakeCloud::mark();  // of before there were moments
  auto work = mute();
  EXPECT_TRUE(work.took_over);
  EXPECT_EQ(work.muted, 2);
  EXPECT_EQ(cloud_.alarms["test1-cpu"].tags.at("lamplighter:muted-by"),
            "2026-11-18T03:06:49.000Z stop-1 2026-11-18T11:06:40.000Z")
      << "silent since the earlier stop, for this one";
  EXPECT_THAT(cloud_.alarms["test2-cpu"].tags.at("lamplighter:muted-by"), HasSubstr("stop-1"));
  EXPECT_FALSE(cloud_.alarms["test1-cpu"].enabled);
  const auto calls = cloud_.calls_of("TagResources").size();
  restart();
  work = mute();
  EXPECT_FALSE(work.took_over);
  EXPECT_EQ(work.muted, 2);
  EXPECT_THAT(cloud_.calls_of("TagResources"), SizeIs(calls)) << "the marks are its own already";
}

TEST_F(Alarms, OnlyAnEarlierRunOfTheSameFleetIsTakenOverFrom) {
  for (const auto* name : {"test1", "test2", "test3"}) cloud_.add_with_alarm(name, "running", true);
  cloud_.alarms["test1-cpu"].tags = marked("stop-2", kBegan + std::chrono::seconds(1));
  cloud_.alarms["test2-cpu"].tags = marked("stop-0", kBegan - std::chrono::hours(8), "other");
  cloud_.alarms["test3-cpu"].tags = {};  // a person's
  cloud_.alarms["all"] = {.enabled = false, .rule = "ALARM(test1-cpu)"};
  const auto before = cloud_.alarms;
  const auto work = mute();
  EXPECT_FALSE(work.took_over);
  EXPECT_TRUE(work.finished);
  EXPECT_EQ(work.muted, 0);
  for (const auto& [name, alarm] : before) EXPECT_EQ(cloud_.alarms[name].tags, alarm.tags) << name;
}

TEST_F(Alarms, AMarkOfAnEnvironmentThatLeftTheFileIsTakenOverToo) {
  cloud_.add_with_alarm("test1", "running", true);
  cloud_.alarms["test1-cpu"].tags = {{"lamplighter:muted", "fleet/gone/db"}};
  EXPECT_EQ(mute().muted, 1);
  EXPECT_EQ(cloud_.alarms["test1-cpu"].tags.at("lamplighter:muted"), "fleet/dev/db");
}

TEST_F(Alarms, WhatIsEnabledWhileItIsTakenOverIsDisabledAgain) {
  cloud_.add_with_alarm("test1", "running", true);
  cloud_.alarms["test1-cpu"].tags = marked("stop-0", kBegan - std::chrono::hours(8));
  ASSERT_TRUE(desk_.look_for_marks(context_));
  cloud_.alarms["test1-cpu"].enabled = true;  // by a start that still waited
  EXPECT_TRUE(mute().finished);
  EXPECT_FALSE(cloud_.alarms["test1-cpu"].enabled);
}

TEST_F(Alarms, WhatIsEnabledAfterItWasListedIsNoPersons) {
  cloud_.add_with_alarm("test1", "running", true);
  ASSERT_TRUE(desk_.look(context_));
  cloud_.alarms["test1-cpu"].enabled = true;  // by a start: first this, then its mark is gone
  cloud_.alarms["test1-cpu"].tags.clear();
  const auto work = mute();
  EXPECT_EQ(work.muted, 1);
  EXPECT_FALSE(cloud_.alarms["test1-cpu"].enabled);
  EXPECT_THAT(cloud_.alarms["test1-cpu"].tags.at("lamplighter:muted-by"), HasSubstr("stop-1"));
}

TEST_F(Alarms, OnceMoreMarksAndDisablesWhatAStartsLastLookTouched) {
  cloud_.add_with_alarm("test1", "running", true);
  mute();
  cloud_.alarms["test1-cpu"].tags.clear();
  cloud_.alarms["test1-cpu"].enabled = true;
  auto own = scope();
  own.again = true;
  EXPECT_TRUE(mute_alarms(context_, desk_, servers(), own).finished);
  EXPECT_FALSE(cloud_.alarms["test1-cpu"].enabled);
  EXPECT_THAT(cloud_.alarms["test1-cpu"].tags.at("lamplighter:muted-by"), HasSubstr("stop-1"));
}

TEST_F(Alarms, FewAreEnabledAheadOfTheirMarks) {
  for (int i = 0; i < 300; ++i) {
    cloud_.alarms["a" + std::to_string(i)] = {.enabled = false, .tags = FakeCloud::mark()};
  }
  ASSERT_TRUE(desk_.look_for_marks(context_));
  std::vector<aws::Alarm> all;
  desk_.read([&](const auto& alarms, const auto&) { all = alarms; });
  desk_.unmute(context_, all);
  const auto heard = std::count_if(cloud_.alarms.begin(), cloud_.alarms.end(),
                                   [](const auto& entry) { return entry.second.enabled; });
  EXPECT_LE(heard, 100);
}

TEST_F(Alarms, ACompositeIsTakenOverWhileAllOfItIsMuted) {
  cloud_.add_with_alarm("test1", "running", true);
  cloud_.alarms["of test"] = {.enabled = false, .tags = {{"lamplighter:muted", "fleet/test/db"}}};
  cloud_.alarms["heard"] = {};
  const auto earlier = marked("stop-0", kBegan - std::chrono::hours(8));
  cloud_.alarms["both"] = {.enabled = false, .tags = earlier, .rule = "ALARM(test1-cpu) AND ALARM(of test)"};
  cloud_.alarms["half"] = {.enabled = false, .tags = earlier, .rule = "ALARM(test1-cpu) OR ALARM(heard)"};
  const auto work = mute();
  EXPECT_EQ(work.muted, 2);
  EXPECT_THAT(cloud_.alarms["both"].tags.at("lamplighter:muted-by"), HasSubstr("stop-1"));
  EXPECT_EQ(cloud_.alarms["half"].tags, earlier) << "a start may give it its voice";
  EXPECT_THAT(work.composites, IsEmpty());
}

TEST_F(Alarms, WhileMarksAreThrottledNobodyIsTakenOverAndTheWorkIsNotDone) {
  cloud_.add_with_alarm("test1", "running", true);
  cloud_.errors["GetResources"] = kThrottled;
  auto work = mute();
  EXPECT_FALSE(work.finished);
  EXPECT_EQ(work.trouble->code, "Throttling");
  EXPECT_FALSE(is_loud(work, "test1")) << "it is silent";
  cloud_.errors.clear();
  clock_.sleep(std::chrono::seconds(1));
  work = mute();
  EXPECT_TRUE(work.finished);
  EXPECT_EQ(work.muted, 1);
}

TEST_F(Alarms, EachServerHasItsOwnAlarmsReason) {
  for (const auto* name : {"test1", "test2", "test3"}) cloud_.add_with_alarm(name, "running", false);
  cloud_.refused_alarms["test2-cpu"] = kDenied;
  const auto work = mute();
  EXPECT_THAT(work.loud, SizeIs(1));
  EXPECT_EQ(loud(work, "test2")->code, "AccessDeniedException");
  EXPECT_FALSE(cloud_.alarms["test1-cpu"].enabled);
  EXPECT_FALSE(cloud_.alarms["test3-cpu"].enabled);
  EXPECT_TRUE(cloud_.alarms["test2-cpu"].enabled);
  EXPECT_EQ(work.muted, 2);
  EXPECT_FALSE(work.finished);
}

TEST_F(Alarms, WhatIsThrottledWaitsAndIsNobodysFault) {
  cloud_.add_with_alarm("test1", "running", false);
  cloud_.errors["DisableAlarmActions"] = kThrottled;
  auto work = mute();
  EXPECT_TRUE(is_loud(work, "test1"));
  EXPECT_EQ(work.trouble->code, "Throttling");
  EXPECT_FALSE(work.finished);
  cloud_.errors.clear();
  clock_.sleep(std::chrono::seconds(1));
  work = mute();
  EXPECT_TRUE(work.finished);
  EXPECT_EQ(work.muted, 1);
  EXPECT_FALSE(work.trouble);
  EXPECT_THAT(cloud_.calls_of("TagResources"), SizeIs(1)) << "it was marked already";
}

TEST_F(Alarms, ServersWhoseAlarmsAreNotKnownAreLoud) {
  cloud_.add_with_alarm("test1", "running", false);
  cloud_.add_with_alarm("test2", "running", false);
  cloud_.errors["DescribeAlarms"] = kDenied;
  const auto work = mute();
  EXPECT_THAT(work.loud, SizeIs(2));
  EXPECT_EQ(loud(work, "test1")->code, "AccessDeniedException");
}

TEST_F(Alarms, MarksGoTwentyACallAndActionsAHundred) {
  for (int i = 100; i < 200; ++i) cloud_.add_with_alarm("test" + std::to_string(i), "running", false);
  const auto work = mute();
  EXPECT_TRUE(work.finished);
  EXPECT_EQ(work.muted, 100);
  EXPECT_THAT(cloud_.calls_of("TagResources"), SizeIs(5));
  EXPECT_THAT(cloud_.calls_of("DisableAlarmActions"), SizeIs(1));
}

TEST_F(Alarms, WhatTheRatesDoNotLetThroughIsDoneAtTheNextLook) {
  for (int i = 100; i < 250; ++i) cloud_.add_with_alarm("test" + std::to_string(i), "running", false);
  auto work = mute();
  EXPECT_EQ(work.muted, 100) << "five calls a second";
  EXPECT_THAT(work.loud, SizeIs(50));
  EXPECT_FALSE(work.trouble) << "they only wait for their turn";
  EXPECT_EQ(work.wait_seconds, 1);
  clock_.sleep(std::chrono::seconds(1));
  work = mute();
  EXPECT_TRUE(work.finished);
  EXPECT_EQ(work.muted, 150);
}

TEST_F(Alarms, PhasesThatWaitAtTheSameMomentGoTogether) {
  for (int i = 0; i < 8; ++i) cloud_.add_with_alarm("test" + std::to_string(i), "running", false);
  const auto all = servers();
  const auto mute_phase = [&](std::size_t i) {
    auto own = scope();
    own.mark.phase = "phase" + std::to_string(i);
    return mute_alarms(context_, desk_, {all[i]}, own);
  };
  for (std::size_t i = 0; i < 8; ++i) mute_phase(i);
  EXPECT_THAT(cloud_.calls_of("DescribeAlarms"), SizeIs(1)) << "one listing serves all";
  EXPECT_THAT(cloud_.calls_of("DisableAlarmActions"), SizeIs(3)) << "three a second";
  clock_.sleep(std::chrono::seconds(1));
  EXPECT_TRUE(mute_phase(7).finished);
  EXPECT_THAT(cloud_.calls_of("DisableAlarmActions"), SizeIs(4)) << "all that waited";
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_FALSE(cloud_.alarms["test" + std::to_string(i) + "-cpu"].enabled);
    EXPECT_EQ(mute_phase(i).muted, 1) << "each phase has its count";
  }
}

TEST_F(Alarms, AnotherProcessCountsWhatTheFirstOneMuted) {
  cloud_.add_with_alarm("test1", "running", false);
  mute();
  restart();
  const auto work = mute();
  EXPECT_EQ(work.muted, 1);
  EXPECT_TRUE(work.finished);
}

TEST_F(Alarms, WithoutTheTaggingApiCloudWatchIsAskedOneByOne) {
  cloud_.has_tagging_api = false;
  cloud_.add_with_alarm("test1", "running", false);
  cloud_.add_with_alarm("test2", "running", false);
  EXPECT_EQ(mute().muted, 2);
  EXPECT_THAT(cloud_.calls_of("TagResource"), SizeIs(2));
  EXPECT_EQ(cloud_.alarms["test1-cpu"].tags.at("lamplighter:muted"), "fleet/dev/db");
  restart();
  EXPECT_EQ(unmute().enabled, 2);
  EXPECT_TRUE(cloud_.alarms["test2-cpu"].enabled);
  EXPECT_THAT(cloud_.alarms["test2-cpu"].tags, IsEmpty());
}

TEST_F(Alarms, UnmutingEnablesOnlyTheMarkedOnesOfServersThatRun) {
  cloud_.add_with_alarm("test1", "running", true);
  cloud_.add_with_alarm("test2", "running", true);
  cloud_.add_with_alarm("test3", "running", false);
  cloud_.alarms["test3-cpu"].enabled = false;  // by a person
  const auto work = unmute({"test2"});
  EXPECT_EQ(work.enabled, 1);
  EXPECT_TRUE(work.finished);
  EXPECT_TRUE(cloud_.alarms["test1-cpu"].enabled);
  EXPECT_THAT(cloud_.alarms["test1-cpu"].tags, IsEmpty());
  EXPECT_FALSE(cloud_.alarms["test2-cpu"].enabled) << "its server does not run";
  EXPECT_FALSE(cloud_.alarms["test3-cpu"].enabled);
}

TEST_F(Alarms, UnmutingTakesAStaleMarkAway) {
  cloud_.add_with_alarm("test1", "running", true);
  cloud_.alarms["test1-cpu"].enabled = true;  // muting died after marking
  EXPECT_EQ(unmute().enabled, 0);
  EXPECT_THAT(cloud_.alarms["test1-cpu"].tags, IsEmpty());
}

TEST_F(Alarms, ACompositeIsMutedOnceEveryAlarmOfItsRuleIs) {
  cloud_.add_with_alarm("test1", "running", false);
  cloud_.add_with_alarm("test2", "running", false);
  cloud_.alarms["both"] = {.rule = "ALARM(test1-cpu) AND ALARM(test2-cpu)"};
  cloud_.alarms["shared"] = {.rule = "ALARM(test1-cpu) OR ALARM(elb)"};
  cloud_.alarms["elb"] = {};
  const auto work = mute();
  EXPECT_EQ(work.muted, 3);
  EXPECT_FALSE(cloud_.alarms["both"].enabled);
  EXPECT_EQ(cloud_.alarms["both"].tags.at("lamplighter:muted"), "fleet/dev/db");
  EXPECT_TRUE(cloud_.alarms["shared"].enabled);
  EXPECT_THAT(work.composites, ElementsAre("shared (elb is not muted)"));
  EXPECT_THAT(work.loud, IsEmpty()) << "a composite that is others' too holds no stop back";
}

TEST_F(Alarms, AnotherEnvironmentsMarkCountsForACompositeOnlyInItsRun) {
  cloud_.add_with_alarm("test1", "running", false);
  cloud_.alarms["other"] = {.enabled = false, .tags = {{"lamplighter:muted", "fleet/test/db"}}};
  cloud_.alarms["both"] = {.rule = "ALARM(test1-cpu) AND ALARM(other)"};
  auto own = scope();
  own.environments = {"dev"};
  EXPECT_THAT(mute_alarms(context_, desk_, servers(), own).composites,
              ElementsAre("both (other is not muted)"));
  own.environments = {"dev", "test"};
  EXPECT_THAT(mute_alarms(context_, desk_, servers(), own).composites, IsEmpty());
  EXPECT_FALSE(cloud_.alarms["both"].enabled);
}

TEST_F(Alarms, AListingThatIsThrottledGoesOnWithinTheLook) {
  cloud_.add_with_alarm("test1", "running", false);
  cloud_.errors["DescribeAlarms"] = kThrottled;
  const auto before = clock_.now();
  const auto work = mute();
  EXPECT_EQ(loud(work, "test1")->code, "Throttling");
  EXPECT_LE(clock_.now() - before, std::chrono::seconds(20)) << "but not for ever";
  const auto asked = cloud_.calls.size();
  mute();
  EXPECT_EQ(cloud_.calls.size(), asked) << "those who waited here do not try the same at once";
}

/// Each listing of its alarms takes half a minute.
class SlowCloud final : public aws::Caller {
 public:
  SlowCloud(aws::Caller& cloud, Clock& clock) : cloud_(cloud), clock_(clock) {}
  Result<std::string> call(const aws::Target& target, std::string_view service, std::string_view action,
                           const aws::Parameters& parameters) override {
    if (action == "DescribeAlarms") {
      clock_.sleep(std::chrono::seconds(30));
      ++asked;
    }
    return cloud_.call(target, service, action, parameters);
  }
  Result<std::string> call_json(const aws::Target& target, std::string_view service, std::string_view action,
                                const json::object& body) override {
    return cloud_.call_json(target, service, action, body);
  }
  [[nodiscard]] aws::CallCounts counts() const override { return {}; }
  int asked = 0;

 private:
  aws::Caller& cloud_;
  Clock& clock_;
};

TEST_F(Alarms, AListingThatTakesLongServesThoseWhoWaitedForIt) {
  cloud_.add_with_alarm("test1", "running", false);
  SlowCloud slow(cloud_, clock_);
  const Context context{slow, clock_};
  ASSERT_TRUE(desk_.look(context));
  const int asked = slow.asked;
  clock_.sleep(std::chrono::seconds(100));
  ASSERT_TRUE(desk_.look(context));
  EXPECT_EQ(slow.asked, asked);
  clock_.sleep(std::chrono::seconds(30));
  ASSERT_TRUE(desk_.look(context));
  EXPECT_GT(slow.asked, asked) << "but not for ever";
}

/// One alarm that a person disabled makes each phase look whose it is: marks, then alarms again.
TEST_F(Alarms, PhasesThatFollowOneAnotherLookAtSlowAlarmsTwiceInAll) {
  cloud_.add_with_alarm("test1", "running", false);
  cloud_.alarms.begin()->second.enabled = false;
  SlowCloud slow(cloud_, clock_);
  const Context context{slow, clock_};
  mute_alarms(context, desk_, servers(), scope());
  const int asked = slow.asked;
  for (int phase = 0; phase < 3; ++phase) mute_alarms(context, desk_, servers(), scope());
  EXPECT_EQ(slow.asked, asked);
}

}  // namespace
}  // namespace lamplighter::tasks
