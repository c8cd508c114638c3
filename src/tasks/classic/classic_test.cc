#include "tasks/classic/classic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_cloud.h"

namespace lamplighter::tasks {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// A clock on which a wait brings servers to where they were going, from a given wait on.
class CloudClock final : public Clock {
 public:
  explicit CloudClock(FakeCloud& cloud) : cloud_(cloud) {}
  [[nodiscard]] Time now() const override { return now_; }
  void sleep(Duration duration) override {
    now_ += duration;
    if (++waits >= settles_at) cloud_.settle();
  }
  int waits = 0;
  int settles_at = 2;

 private:
  FakeCloud& cloud_;
  Time now_ = *parse_time("2026-11-24T06:00:00Z");
};

class ClassicTest : public ::testing::Test {
 protected:
  ClassicTest() {
    fleet_.name = "lower";
    fleet_.topic = "mailme";
    fleet_.region = "us-east-1";
    fleet_.phases = {phase("app", {{"test1", "test4"}, {}, {}}), phase("db", {{"test2"}, {}, {}}),
                     phase("web", {{}, {}, {{{"Tier", "none"}}}})};
  }

  static ClassicPhase phase(const std::string& name, Selector servers) {
    return {"dev", name, "us-east-1", "", std::move(servers), std::chrono::minutes(15)};
  }

  Result<json::value> run(const std::string& event, std::chrono::seconds time = std::chrono::minutes(15)) {
    const ClassicCall call{clock_.now() + time, [&](std::string_view line) { said_.emplace_back(line); }};
    return run_classic({cloud_, clock_}, fleet_, call, parse_json(event).value());
  }

  FakeCloud cloud_;
  CloudClock clock_{cloud_};
  ClassicFleet fleet_;
  std::vector<std::string> said_;
};

TEST_F(ClassicTest, StartsAGroupAndWaitsUntilItIsReady) {
  cloud_.add("test1", "stopped");
  cloud_.add("test4", "running");
  const auto answer = run(
      R"({"phase_number":0,"next_phase":true,"action":"start","cw_log_phase":"starting dev app","send_mail":false})");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(json_text(*answer),
            R"({"statusCode":200,"next_phase":true,"initial_state":{)"
            R"("test1":{"InstanceId":"i-00000000000000001","State":"stopped","is_running":false},)"
            R"("test4":{"InstanceId":"i-00000000000000002","State":"running","is_running":true}}})");
  EXPECT_EQ(cloud_.named("test1").state, "running");
  EXPECT_GE(clock_.waits, 2);
  EXPECT_EQ(said_.front(), "STARTING DEV APP");
}

TEST_F(ClassicTest, AStartsAlarmsAreHeardAtOnce) {
  cloud_.add_with_alarm("test1", "stopped", true);
  cloud_.add_with_alarm("test4", "running", true);
  for (const char* name : {"test1-cpu", "test4-cpu"}) {
    cloud_.alarms[name].tags = {{"lamplighter:muted", "lower/dev/app"}};
    cloud_.alarms[name].state = "INSUFFICIENT_DATA";
  }
  ASSERT_TRUE(run(R"({"phase_number":0,"next_phase":true,"action":"start","cw_log_phase":"x"})"));
  EXPECT_TRUE(cloud_.alarms["test1-cpu"].enabled);
  EXPECT_TRUE(cloud_.alarms["test4-cpu"].enabled);
  EXPECT_THAT(cloud_.alarms["test1-cpu"].tags, IsEmpty());
}

TEST_F(ClassicTest, AServerThatFailsKeepsNoOthersAlarmsSilent) {
  cloud_.add_with_alarm("test1", "stopped", true);
  cloud_.add_with_alarm("test4", "running", true);
  cloud_.named("test1").refusal = {ErrorKind::aws, "UnauthorizedOperation", "no"};
  ASSERT_TRUE(run(R"({"phase_number":0,"next_phase":true,"action":"start","cw_log_phase":"x"})"));
  EXPECT_FALSE(cloud_.alarms["test1-cpu"].enabled);
  EXPECT_TRUE(cloud_.alarms["test4-cpu"].enabled);
}

TEST_F(ClassicTest, AServerThatCouldNotBeStoppedGetsItsAlarmBack) {
  cloud_.add_with_alarm("test2", "running", false);
  cloud_.named("test2").refusal = {ErrorKind::aws, "OperationNotPermitted", "disableApiStop is set"};
  ASSERT_TRUE(run(R"({"phase_number":1,"next_phase":true,"action":"stop","cw_log_phase":"x"})"));
  EXPECT_TRUE(cloud_.alarms["test2-cpu"].enabled) << "it runs on, so it is watched on";
  EXPECT_THAT(cloud_.alarms["test2-cpu"].tags, IsEmpty());
}

TEST_F(ClassicTest, AlarmsThatCannotBeEnabledFailNobodyButAreTold) {
  cloud_.add_with_alarm("test2", "running", true);
  cloud_.errors["EnableAlarmActions"] = {ErrorKind::aws, "InternalFailure", "oops"};
  const auto answer = run(R"({"phase_number":1,"next_phase":true,"action":"start","cw_log_phase":"x"})");
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->at("next_phase").as_bool());
  EXPECT_THAT(said_, testing::Contains("alarms could not be enabled (InternalFailure: oops)"));
}

TEST_F(ClassicTest, StopsAGroup) {
  cloud_.add("test2", "running");
  const auto answer =
      run(R"({"phase_number":1,"next_phase":"next_phase.$","action":"stop","cw_log_phase":"x"})");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_TRUE(answer->at("next_phase").as_bool());
  EXPECT_EQ(cloud_.named("test2").state, "stopped");
}

TEST_F(ClassicTest, AnswersInTimeThoughServersAreNotReady) {
  cloud_.add("test2", "stopped");
  clock_.settles_at = 1'000'000;
  const auto began = clock_.now();
  const auto answer = run(R"({"phase_number":1,"next_phase":true,"action":"start","cw_log_phase":"x"})",
                          std::chrono::seconds(300));
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->at("next_phase").as_bool());
  EXPECT_LE(clock_.now() - began, std::chrono::seconds(270));
  EXPECT_GT(clock_.now() - began, std::chrono::seconds(240));
}

TEST_F(ClassicTest, WhatIsNotTrueIsGivenBackWithNothingDone) {
  for (const std::string value : {"false", "null", "0", "\"\"", "[]", "{}"}) {
    const auto answer =
        run(R"({"phase_number":0,"action":"start","cw_log_phase":"x","next_phase":)" + value + "}");
    ASSERT_TRUE(answer);
    EXPECT_EQ(json_text(answer->at("next_phase")), value);
    EXPECT_TRUE(answer->at("initial_state").at("empty").as_bool());
  }
  EXPECT_THAT(cloud_.calls, IsEmpty());
}

TEST_F(ClassicTest, AnEmptyGroupIsReady) {
  const auto answer = run(R"({"phase_number":2,"next_phase":true,"action":"start","cw_log_phase":"x"})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(json_text(*answer), R"({"statusCode":200,"next_phase":true,"initial_state":{"empty":true}})");
  EXPECT_THAT(cloud_.calls, SizeIs(1));
}

TEST_F(ClassicTest, MailsEveryServersFirstAndLastState) {
  cloud_.add("test1", "running");
  cloud_.add("test2", "stopped");
  const auto answer =
      run(R"({"send_mail":true,"subject":"START STATUS: ABORTED","dap_state":{"empty":true},"tap_state":)"
          R"({"test1":{"InstanceId":"i-00000000000000001","State":"stopped","is_running":false}},)"
          R"("pdb_state":{"test2":{"InstanceId":"i-00000000000000002","State":"stopped"},)"
          R"("gone":{"InstanceId":"i-9","State":"running"}}})");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(json_text(*answer), R"({"statusCode":200})");
  ASSERT_THAT(cloud_.mails, SizeIs(1));
  EXPECT_EQ(cloud_.mails[0].subject, "START STATUS: ABORTED");
  const auto& body = cloud_.mails[0].message;
  EXPECT_THAT(body, HasSubstr("  test1  i-00000000000000001  stopped -> running  instance ok, system ok\n"));
  EXPECT_THAT(body, HasSubstr("preprod db\n  test2  i-00000000000000002  stopped -> stopped\n"));
  EXPECT_THAT(body, HasSubstr("  gone  i-9  running -> unknown\n"));
  EXPECT_THAT(body, HasSubstr("dev db\n  not touched\n"));
}

TEST_F(ClassicTest, AnEmptyGroupIsNotTouchedHoweverItIsSaid) {
  for (const std::string group : {"[]", "null", "{}", R"({"empty":true})"}) {
    const auto answer = run(R"({"send_mail":true,"subject":"S","ddb_state":)" + group + "}");
    ASSERT_TRUE(answer) << group << answer.error().message;
    EXPECT_THAT(cloud_.mails.back().message, HasSubstr("dev db\n  not touched\n")) << group;
  }
}

TEST_F(ClassicTest, ANumberWithoutAGroupIsReadyAndNothingIsLookedFor) {
  fleet_.phases[1] = {};
  const auto answer = run(R"({"phase_number":1,"next_phase":true,"action":"stop","cw_log_phase":"x"})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(json_text(*answer), R"({"statusCode":200,"next_phase":true,"initial_state":{"empty":true}})");
  EXPECT_THAT(cloud_.calls, IsEmpty());
  ASSERT_TRUE(run(R"({"send_mail":true,"subject":"S","tap_state":[]})"));
  EXPECT_THAT(cloud_.mails.back().message, HasSubstr("test app\n  not touched\n"));
}

TEST_F(ClassicTest, AMailThatCanNotBeSentIsAnError) {
  cloud_.errors["Publish"] = {ErrorKind::aws, "AuthorizationError", "no"};
  EXPECT_EQ(run(R"({"send_mail":true,"subject":"S"})").error().code, "AuthorizationError");
}

TEST_F(ClassicTest, BadEventsSayWhatWasExpected) {
  const auto error_of = [&](const std::string& event) {
    const auto answer = run(event);
    return answer ? std::string("none") : answer.error().code + " " + answer.error().message;
  };
  EXPECT_EQ(error_of(R"({"phase_number":3,"next_phase":true,"action":"start","cw_log_phase":"x"})"),
            "InvalidEvent phase_number: expected a whole number from 0 to 2, a place in `classic`");
  EXPECT_THAT(error_of(R"({"phase_number":0,"action":"start","cw_log_phase":"x"})"), HasSubstr("next_phase"));
  EXPECT_THAT(error_of(R"({"phase_number":0.5,"next_phase":true,"action":"start","cw_log_phase":"x"})"),
              HasSubstr("phase_number"));
  EXPECT_THAT(error_of(R"({"phase_number":0,"next_phase":true,"action":"go","cw_log_phase":"x"})"),
              HasSubstr("action"));
  EXPECT_THAT(error_of(R"({"phase_number":0,"next_phase":true,"action":"stop"})"), HasSubstr("cw_log_phase"));
  EXPECT_THAT(error_of(R"({"send_mail":true,"subject":"S","ddb_state":[1]})"), HasSubstr("ddb_state"));
  EXPECT_THAT(error_of(R"({"send_mail":true})"), HasSubstr("subject"));
  fleet_.phases.clear();
  EXPECT_THAT(error_of(R"({"phase_number":0,"next_phase":true,"action":"stop","cw_log_phase":"x"})"),
              HasSubstr("fleet file with a `classic` list"));
  EXPECT_THAT(cloud_.calls, IsEmpty());
  EXPECT_THAT(said_, IsEmpty());
}

}  // namespace
}  // namespace lamplighter::tasks
