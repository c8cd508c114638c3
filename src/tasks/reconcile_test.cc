#include "tasks/reconcile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "tasks/task.h"
#include "tests/support/fake_cloud.h"

namespace lamplighter::tasks {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Time kMorning{std::chrono::seconds{1'795'000'000}};

/// One phase, looked at again and again.
class Reconcile : public testing::Test {
 protected:
  const json::value& look() {
    const auto answer = run_task({cloud_, clock_}, payload_);
    EXPECT_TRUE(answer) << answer.error().message;
    answer_ = answer.value_or(json::value());
    payload_["memory"] = answer_.at("memory");
    return answer_;
  }
  const json::value& look_after(int seconds) {
    clock_.sleep(std::chrono::seconds{seconds});
    return look();
  }
  void begin(std::string_view action, const std::vector<std::string>& names) {
    begin(action, Selector{names, {}, {}});
  }
  void begin(std::string_view action, const Selector& selector) {
    payload_ = admitted({cloud_, clock_}, action, selector);
  }
  std::string status() const { return get_string(answer_, "status"); }
  const json::value& phase() const { return answer_.at("phase"); }
  const json::value& server(const std::string& name) const {
    for (const auto& server : phase().at("servers").as_array()) {
      if (get_string(server, "name") == name) return server;
    }
    ADD_FAILURE() << "no " << name;
    return phase();
  }
  std::string reason(const std::string& name) const { return get_string(server(name), "reason"); }

  FakeCloud cloud_;
  ManualClock clock_{kMorning};
  json::object payload_;
  json::value answer_;
};

struct Transition {
  std::string action;
  std::string state;
  std::string checks;
  std::string call;    ///< the change that is asked for, or ""
  std::string status;  ///< of the phase
};

TEST_F(Reconcile, EveryStateAndWhatIsDoneAboutIt) {
  const std::vector<Transition> transitions{{"start", "stopped", "ok", "StartInstances", "waiting"},
                                            {"start", "stopping", "ok", "", "waiting"},
                                            {"start", "pending", "ok", "", "waiting"},
                                            {"start", "running", "initializing", "", "waiting"},
                                            {"start", "running", "impaired", "", "waiting"},
                                            {"start", "running", "insufficient-data", "", "waiting"},
                                            {"start", "running", "ok", "", "ready"},
                                            {"stop", "pending", "ok", "", "waiting"},
                                            {"stop", "running", "ok", "StopInstances", "waiting"},
                                            {"stop", "running", "impaired", "StopInstances", "waiting"},
                                            {"stop", "stopping", "ok", "", "waiting"},
                                            {"stop", "stopped", "ok", "", "ready"},
                                            {"stop", "strange", "ok", "", "waiting"}};
  for (const auto& transition : transitions) {
    cloud_ = FakeCloud();
    cloud_.add("test1", transition.state).system_status = transition.checks;
    begin(transition.action, {"test1"});
    look();
    EXPECT_EQ(status(), transition.status) << transition.action << " " << transition.state;
    EXPECT_EQ(cloud_.calls_of("StartInstances").size(), transition.call == "StartInstances" ? 1U : 0U);
    EXPECT_EQ(cloud_.calls_of("StopInstances").size(), transition.call == "StopInstances" ? 1U : 0U);
    EXPECT_EQ(get_string(server("test1"), "initial_state"), transition.state);
  }
}

TEST_F(Reconcile, StartsAPhaseAndCountsWhatWasThere) {
  cloud_.add_with_alarm("test1", "stopped", true);
  cloud_.add("test2", "running");
  begin("start", {"test1", "test2"});
  look();
  EXPECT_EQ(status(), "waiting");
  EXPECT_EQ(get_string(phase(), "waiting_for"), "test1: starting");
  EXPECT_EQ(get_int(phase(), "servers_ready"), 1);
  cloud_.settle();
  cloud_.named("test1").instance_status = "initializing";
  look_after(20);
  EXPECT_EQ(get_string(phase(), "waiting_for"), "test1: status checks");
  EXPECT_EQ(get_string(server("test1"), "instance_status"), "initializing");
  cloud_.named("test1").instance_status = "ok";
  look_after(40);
  EXPECT_EQ(status(), "ready");
  EXPECT_TRUE(answer_.at("memory").is_null());
  EXPECT_EQ(get_int(phase(), "changed"), 1);
  EXPECT_EQ(get_int(phase(), "servers_total"), 2);
  EXPECT_EQ(get_string(server("test1"), "initial_state"), "stopped");
  EXPECT_EQ(get_string(server("test1"), "state"), "running");
  EXPECT_EQ(get_string(phase(), "started_at"), format_time(kMorning));
  EXPECT_EQ(get_string(phase(), "ended_at"), format_time(kMorning + std::chrono::seconds{60}));
  EXPECT_FALSE(cloud_.alarms["test1-cpu"].enabled) << "alarms follow after the report";
  EXPECT_THAT(cloud_.calls_of("DescribeAlarms"), IsEmpty());
  EXPECT_THAT(cloud_.calls_of("StartInstances"), ElementsAre("StartInstances " + cloud_.named("test1").id));
}

TEST_F(Reconcile, StopsAPhaseAndMutesItsAlarmsFirst) {
  cloud_.add_with_alarm("test1", "running", false);
  cloud_.add_with_alarm("test2", "stopped", false);
  begin("stop", {"test1", "test2"});
  look();
  cloud_.settle();
  look_after(30);
  EXPECT_EQ(status(), "ready");
  EXPECT_EQ(get_int(phase().at("alarms"), "disabled"), 2);
  EXPECT_EQ(get_string(server("test1"), "instance_status"), "") << "a stop does not ask for status checks";
  const auto& calls = cloud_.calls;
  EXPECT_LT(
      std::find_if(calls.begin(), calls.end(), [](const auto& c) { return c.rfind("Disable", 0) == 0; }),
      std::find_if(calls.begin(), calls.end(), [](const auto& c) { return c.rfind("StopInst", 0) == 0; }));
}

TEST_F(Reconcile, TheSameLookTwiceAsksOnce) {
  cloud_.add("test1", "stopped");
  begin("start", {"test1"});
  const auto first = payload_;
  look();
  payload_ = first;  // the answer was lost
  look();
  EXPECT_EQ(cloud_.calls_of("StartInstances").size(), 1U);
}

TEST_F(Reconcile, AStaleAnswerOfEc2DoesNotStartAServerTwice) {
  cloud_.add("test1", "stopped");
  begin("start", {"test1"});
  look();
  cloud_.named("test1").state = "stopped";  // DescribeInstances lags behind
  look_after(2);
  EXPECT_EQ(cloud_.calls_of("StartInstances").size(), 1U);
  EXPECT_EQ(reason("test1"), "");
}

TEST_F(Reconcile, AcceptedThenStoppedAgainIsNamedAndTriedAgainUntilItWorks) {
  cloud_.add("test1", "stopped");
  begin("start", {"test1"});
  look();
  auto& server = cloud_.named("test1");
  server.state = "stopped";
  server.state_reason_code = "Client.InternalError";
  server.state_reason_message = "Client.InternalError: the key is not accessible";
  look_after(10);
  const auto expected =
      "stopped again after its start was accepted (Client.InternalError: the key is not accessible); if its "
      "volumes are encrypted, their key must be enabled and kms:CreateGrant be permitted on it";
  EXPECT_EQ(reason("test1"), expected);
  EXPECT_EQ(cloud_.calls_of("StartInstances").size(), 2U);
  EXPECT_EQ(get_string(phase(), "waiting_for"), "test1: starting (attempt 2)");
  look_after(2);
  EXPECT_EQ(reason("test1"), expected) << "kept while it is pending";
  cloud_.settle();
  look_after(30);
  EXPECT_EQ(status(), "ready");
  EXPECT_EQ(reason("test1"), "");
}

TEST_F(Reconcile, KeepsTryingUntilTheDeadlineLessAndLessOften) {
  cloud_.add("test1", "stopped").refusal = {ErrorKind::aws, "InsufficientInstanceCapacity", "no capacity"};
  cloud_.add("test2", "running");
  begin("start", {"test1", "test2"});
  look();
  int looks = 1;
  while (status() == "waiting" && looks < 1000) {
    ++looks;
    look_after(static_cast<int>(get_int(answer_, "wait_seconds")));
  }
  EXPECT_EQ(status(), "failed");
  EXPECT_EQ(clock_.now(), kMorning + std::chrono::minutes{15});
  EXPECT_EQ(get_string(phase(), "reason"),
            "test1: could not be started (InsufficientInstanceCapacity: no capacity)");
  EXPECT_EQ(get_int(phase(), "servers_ready"), 1);
  EXPECT_GT(cloud_.calls_of("StartInstances").size(), 12U);
  EXPECT_LT(cloud_.calls_of("StartInstances").size(), 25U);
}

TEST_F(Reconcile, SettingTheClockNeitherFailsAPhaseNorKeepsItForEver) {
  cloud_.add("test1", "pending");
  begin("start", {"test1"});
  look();
  clock_.set_wall_by(std::chrono::hours{24});
  look_after(30);
  EXPECT_EQ(status(), "waiting");
  clock_.set_wall_by(-std::chrono::hours{72});
  look_after(30);
  EXPECT_EQ(status(), "waiting");
  EXPECT_LE(get_int(answer_, "wait_seconds"), 120);
  look_after(14 * 60);
  EXPECT_EQ(status(), "failed");
  EXPECT_EQ(reason("test1"), "still pending after 15m");
}

TEST_F(Reconcile, EachUnreadyServersReasonIsToldAtTheDeadline) {
  cloud_.add("stuck", "pending");
  cloud_.add("sick", "running").system_status = "impaired";
  begin("start", {"stuck", "sick"});
  look();
  look_after(900);
  EXPECT_EQ(status(), "failed");
  EXPECT_EQ(get_string(phase(), "reason"),
            "sick: runs, but its status checks have not passed after 15m (instance ok, system impaired); "
            "stuck: still pending after 15m");
  EXPECT_TRUE(answer_.at("memory").is_null());
}

TEST_F(Reconcile, AnAttachedVolumeThatIsImpairedIsNotHealthy) {
  cloud_.add("test1", "running").attached_ebs_status = "impaired";
  begin("start", {"test1"});
  look();
  EXPECT_EQ(get_string(phase(), "waiting_for"), "test1: status checks (impaired)");
  look_after(900);
  EXPECT_EQ(status(), "failed");
  EXPECT_EQ(reason("test1"),
            "runs, but its status checks have not passed after 15m (instance ok, system ok, attached volumes "
            "impaired)");
  for (const auto* said : {"", "ok", "not-applicable", "insufficient-data"}) {
    cloud_.named("test1").attached_ebs_status = said;
    begin("start", {"test1"});
    look();
    EXPECT_EQ(status(), "ready") << said;
  }
}

TEST_F(Reconcile, AStateReasonAboutAKeySaysWhatToPermit) {
  for (const auto* code :
       {"Client.InternalError", "Client.InvalidKMSKey.InvalidState", "Server.InternalError"}) {
    cloud_ = FakeCloud();
    cloud_.add("test1", "stopped");
    begin("start", {"test1"});
    look();
    auto& server = cloud_.named("test1");
    server.state = "stopped";
    server.state_reason_code = code;
    server.state_reason_message = std::string(code) + ": " + std::string(1000, 'x');
    look_after(10);
    EXPECT_EQ(reason("test1").find("kms:CreateGrant") != std::string::npos, code[0] == 'C') << code;
  }
}

TEST_F(Reconcile, AnIdThatEc2DoesNotKnowForAMomentIsAskedForAgain) {
  cloud_.add("test1", "stopped").refusal = {ErrorKind::aws, "InvalidInstanceID.NotFound", "does not exist"};
  begin("start", {"test1"});
  look();
  EXPECT_EQ(status(), "waiting") << "the list still shows it";
  cloud_.named("test1").refusal.reset();
  look_after(10);
  EXPECT_EQ(cloud_.named("test1").state, "pending");
}

TEST_F(Reconcile, OneBadServerDoesNotKeepTheOthersBack) {
  cloud_.add("test1", "stopped");
  cloud_.add("test2", "stopped");
  cloud_.named("test1").refusal = {ErrorKind::aws, "InsufficientInstanceCapacity", "no capacity"};
  begin("start", {"test1", "test2"});
  look();
  EXPECT_EQ(cloud_.named("test2").state, "pending");
  cloud_.settle();
  look_after(60);
  EXPECT_EQ(status(), "waiting");
  look_after(900);
  EXPECT_EQ(status(), "failed");
  EXPECT_EQ(get_int(phase(), "servers_ready"), 1);
}

TEST_F(Reconcile, AServerThatIsTerminatedInMidRunIsNamedAndFailsThePhaseOnceTheOthersAreDone) {
  for (const auto& selector : {Selector{{"test1", "test2"}, {}, {}}, Selector{{}, {}, {{{"Tier", "db"}}}}}) {
    cloud_ = FakeCloud();
    for (const auto* name : {"test1", "test2"}) cloud_.add(name, "stopped").tags["Tier"] = "db";
    begin("start", selector);
    cloud_.named("test2").state = "terminated";
    look();
    EXPECT_EQ(status(), "waiting");
    EXPECT_EQ(reason("test2"), "was terminated since the run began");
    cloud_.settle();
    look_after(30);
    EXPECT_EQ(status(), "failed");
    EXPECT_EQ(get_string(phase(), "reason"), "test2: was terminated since the run began");
    EXPECT_EQ(get_int(phase(), "servers_total"), 2);
    EXPECT_EQ(get_int(phase(), "servers_ready"), 1);
  }
}

TEST_F(Reconcile, AServerThatEc2NoLongerShowsIsNamedByItsId) {
  cloud_.add("test1", "stopped");
  const auto id = cloud_.add("test2", "stopped").id;
  begin("stop", {"test1", "test2"});
  cloud_.servers.pop_back();
  look();
  EXPECT_EQ(status(), "failed");
  EXPECT_EQ(get_string(phase(), "reason"), id + ": is gone since the run began");
  EXPECT_EQ(get_string(server(id), "initial_state"), "stopped");
}

TEST_F(Reconcile, WhatAppearsLaterUnderTheSameTagsIsNotTouched) {
  cloud_.add("test1", "running").tags["Tier"] = "db";
  begin("stop", Selector{{}, {}, {{{"Tier", "db"}}}});
  cloud_.add("test2", "running").tags["Tier"] = "db";
  look();
  cloud_.settle();
  look_after(30);
  EXPECT_EQ(status(), "ready");
  EXPECT_EQ(cloud_.named("test1").state, "stopped");
  EXPECT_EQ(cloud_.named("test2").state, "running");
}

TEST_F(Reconcile, TimeThatWentByWithFailedLooksCounts) {
  cloud_.add("test1", "pending");
  begin("start", {"test1"});
  payload_["passed"] = 600;
  look();
  EXPECT_EQ(status(), "waiting");
  EXPECT_EQ(get_int(answer_, "passed"), 600 + get_int(answer_, "wait_seconds"));
  look_after(5 * 60);
  EXPECT_EQ(status(), "failed");
  EXPECT_EQ(reason("test1"), "still pending after 15m");
}

TEST_F(Reconcile, WhatIsRefusedForGoodIsNotAskedForAgain) {
  for (const auto* name : {"test1", "test2"}) {
    cloud_.add(name, "running").refusal = {ErrorKind::aws, "UnauthorizedOperation",
                                           "You are not authorized."};
  }
  begin("stop", {"test1", "test2"});
  look();
  EXPECT_EQ(status(), "failed") << "there is nothing to wait for";
  EXPECT_EQ(get_string(phase(), "reason"),
            "test1, test2: could not be stopped (UnauthorizedOperation: You are not authorized.)");
}

TEST_F(Reconcile, ThrottledRequestsAreMadeAgainAtTheNextLook) {
  cloud_.add("test1", "stopped");
  begin("start", {"test1"});
  cloud_.errors["StartInstances"] = {ErrorKind::aws, "RequestLimitExceeded", "slow down"};
  look();
  EXPECT_EQ(reason("test1"), "could not be started (RequestLimitExceeded: slow down)");
  cloud_.errors.clear();
  look_after(5);
  EXPECT_EQ(cloud_.named("test1").state, "pending");
  EXPECT_EQ(reason("test1"), "");
}

TEST_F(Reconcile, WithoutAnAnswerFromEc2TheTaskFails) {
  cloud_.add("test1", "stopped");
  begin("start", {"test1"});
  cloud_.errors["DescribeInstances"] = {ErrorKind::aws, "UnauthorizedOperation", "no"};
  const auto answer = run_task({cloud_, clock_}, payload_);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "UnauthorizedOperation");
}

TEST_F(Reconcile, NoServerIsStoppedWhileItsAlarmWouldRing) {
  cloud_.add_with_alarm("test1", "running", false);
  begin("stop", {"test1"});
  cloud_.errors["DisableAlarmActions"] = {ErrorKind::aws, "AccessDenied", "no"};
  look();
  EXPECT_EQ(status(), "failed");
  EXPECT_EQ(cloud_.named("test1").state, "running");
  EXPECT_THAT(get_string(phase(), "reason"),
              HasSubstr("not stopped, since its alarms could not be disabled"));
}

TEST_F(Reconcile, AStopLooksOnceMoreAtTheAlarmsThatItTookOver) {
  cloud_.add_with_alarm("test1", "running", true);
  begin("stop", {"test1"});
  payload_["execution"] = "stop-2";
  payload_["began"] = format_time(kMorning);
  look();
  EXPECT_THAT(cloud_.alarms["test1-cpu"].tags.at("lamplighter:muted-by"), HasSubstr(" stop-2 "));
  cloud_.alarms["test1-cpu"].enabled = true;  // by the look of a start that was under way
  cloud_.alarms["test1-cpu"].tags.clear();
  cloud_.settle();
  look_after(40);
  EXPECT_EQ(status(), "ready");
  EXPECT_FALSE(cloud_.alarms["test1-cpu"].enabled);
  EXPECT_THAT(cloud_.alarms["test1-cpu"].tags.at("lamplighter:muted-by"), HasSubstr(" stop-2 "));
  EXPECT_EQ(get_int(phase().at("alarms"), "disabled"), 1);
}

TEST_F(Reconcile, AStopGoesOnWhenCloudWatchIsBack) {
  cloud_.add_with_alarm("test1", "running", false);
  begin("stop", {"test1"});
  cloud_.errors["DescribeAlarms"] = {ErrorKind::aws, "Throttling", "slow down"};
  look();
  EXPECT_EQ(status(), "waiting");
  EXPECT_EQ(get_string(phase(), "waiting_for"), "test1: alarms");
  cloud_.errors.clear();
  look_after(2);
  EXPECT_EQ(cloud_.named("test1").state, "stopping");
  EXPECT_EQ(get_int(phase().at("alarms"), "disabled"), 1);
}

TEST_F(Reconcile, WithoutAlarmsCloudWatchIsNotAsked) {
  cloud_.add_with_alarm("test1", "running", false);
  begin("stop", {"test1"});
  payload_["alarms"] = "none";
  look();
  EXPECT_EQ(cloud_.named("test1").state, "stopping");
  EXPECT_THAT(cloud_.calls_of("DescribeAlarms"), IsEmpty());
  EXPECT_TRUE(cloud_.alarms["test1-cpu"].enabled);
}

TEST_F(Reconcile, AsksInThePhasesRegionAndRole) {
  cloud_.add("test1", "stopped");
  begin("start", {"test1"});
  payload_["region"] = "eu-west-1";
  payload_["role"] = "arn:aws:iam::1:role/L";
  cloud_.targets.clear();
  look();
  for (const auto& target : cloud_.targets) {
    EXPECT_EQ(target.region, "eu-west-1");
    EXPECT_EQ(target.role_arn, "arn:aws:iam::1:role/L");
  }
}

TEST_F(Reconcile, LooksOftenWhereServersBecomeReadyAndNeverPastTheDeadline) {
  cloud_.add("test1", "pending");
  begin("start", {"test1"});
  look();
  EXPECT_LE(get_int(look_after(90), "wait_seconds"), 4);
  EXPECT_GT(get_int(look_after(700), "wait_seconds"), 4);
  EXPECT_EQ(get_int(look_after(107), "wait_seconds"), 3) << "not past the deadline";
}

TEST_F(Reconcile, TakesNoMoreLooksThanItMay) {
  for (const int looks : {4, 13, 50}) {
    cloud_ = FakeCloud();
    cloud_.add("test1", "pending");
    begin("start", {"test1"});
    payload_["looks"] = looks;
    int taken = 0;
    do {
      look_after(taken == 0 ? 0 : static_cast<int>(get_int(answer_, "wait_seconds")));
      ++taken;
    } while (status() == "waiting" && taken < 1000);
    EXPECT_LE(taken, looks);
    EXPECT_EQ(reason("test1"), "still pending after 15m");
  }
}

/// Each acceptance is a reason to look densely again, and takes nothing from what others may look.
TEST_F(Reconcile, TakesNoMoreLooksWhereServersAreAcceptedOneAfterTheOther) {
  for (const int looks : {10, 50, 200}) {
    cloud_ = FakeCloud();
    std::vector<std::string> names;
    for (int i = 0; i < 60; ++i) {
      names.push_back("test" + std::to_string(i));
      cloud_.add(names.back(), "stopped").refusal = {ErrorKind::aws, "InsufficientInstanceCapacity", "none"};
    }
    begin("start", names);
    payload_["looks"] = looks;
    int taken = 0;
    do {
      if (taken < 60) cloud_.named(names[static_cast<std::size_t>(taken)]).refusal.reset();
      look_after(taken == 0 ? 0 : static_cast<int>(get_int(answer_, "wait_seconds")));
      ++taken;
    } while (status() == "waiting" && taken < 1000);
    EXPECT_LE(taken, looks);
    EXPECT_EQ(status(), "failed");
    EXPECT_GE(clock_.now(), kMorning + std::chrono::minutes{15});
  }
}

/// What EC2 said once is not forgotten where it says later only that too much is asked.
TEST_F(Reconcile, AServersOwnReasonOutlivesThrottling) {
  cloud_.add("test1", "stopped").refusal = {ErrorKind::aws, "InsufficientInstanceCapacity", "no capacity"};
  begin("start", {"test1"});
  look();
  cloud_.errors["StartInstances"] = {ErrorKind::aws, "RequestLimitExceeded", "not so fast"};
  look_after(30);
  EXPECT_EQ(reason("test1"), "could not be started (InsufficientInstanceCapacity: no capacity)");
  cloud_.errors["StartInstances"] = {ErrorKind::aws, "ExpiredToken", "it has expired"};
  look_after(30);
  EXPECT_THAT(reason("test1"), testing::HasSubstr("ExpiredToken")) << "this a person can mend";
}

TEST_F(Reconcile, ThousandsOfServersFitIntoAPayload) {
  json::array ids;
  for (int i = 0; i < 4000; ++i) {
    auto& server = cloud_.add("server-with-a-longer-name-" + std::to_string(i), "stopped");
    server.tags["Environment"] = "dev";
    server.state_reason_code = "Server.InternalError";
    server.state_reason_message = "something about " + server.id + " that is different for each server";
  }
  begin("start", Selector{{}, {}, {{{"Environment", "dev"}}}});
  look();
  EXPECT_LT(json_text(answer_).size(), limits::kPayloadBytes);
  EXPECT_EQ(cloud_.calls_of("StartInstances").size(), 10U)
      << "a hundred at a time, and as many as EC2's rate lets through";
  for (auto& server : cloud_.servers) server.state = "stopped";
  look_after(10);
  EXPECT_LT(json_text(answer_).size(), limits::kPayloadBytes) << "each with a reason of its own";
  look_after(900);
  EXPECT_EQ(status(), "failed");
  EXPECT_LT(json_text(answer_).size(), 25'000U);
}

}  // namespace
}  // namespace lamplighter::tasks
