// The tasks against the simulated cloud: real calls, real latencies on a virtual clock, every fault it knows.
#include <algorithm>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/client/session.h"
#include "simcloud/cloud.h"
#include "simcloud/transport.h"
#include "tasks/alarms.h"
#include "tasks/protocol/unmute.h"
#include "tasks/task.h"
#include "tests/support/fake_aws.h"
#include "tests/support/fake_cloud.h"

namespace lamplighter::tasks {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

constexpr Time kMorning{std::chrono::seconds{1'795'000'000}};

std::vector<std::string> names(int count) {
  std::vector<std::string> out;
  for (int i = 1; i <= count; ++i) out.push_back("test" + std::to_string(i));
  return out;
}

class SimulatedCloud {
 public:
  SimulatedCloud(std::uint64_t seed, int count, const std::string& state,
                 const std::vector<std::string>& faults = {})
      : cloud_(spec(seed, count, state, faults)), transport_(cloud_, clock_, seed) {
    aws::SessionOptions options;
    options.region = "us-east-1";
    options.endpoint_url = "http://127.0.0.1:1";
    options.credentials = aws::Credentials{"AKIDEXAMPLE", "secret", ""};
    options.seed = seed;
    session_ = aws::Session::make(options, host_, transport_, clock_).value();
  }

  /// Looks until the phase has ended, and again where a task fails, as a state machine's Retry does. Gives
  /// the phase.
  json::value run(const std::string& action, int count) { return run(action, names(count)); }
  json::value run(const std::string& action, const std::vector<std::string>& servers,
                  std::string_view alarms = "dimension") {
    auto payload = admitted({*session_, clock_}, action, Selector{servers, {}, {}});
    payload["alarms"] = alarms;
    for (looks_ = 1; looks_ < 2000; ++looks_) {
      const auto answer = run_task({*session_, clock_}, payload);
      if (!answer) {
        clock_.sleep(std::chrono::seconds{2});
        continue;
      }
      payload["memory"] = answer->at("memory");
      if (get_string(*answer, "status") != "waiting") return answer->at("phase");
      clock_.sleep(std::chrono::seconds{get_int(*answer, "wait_seconds")});
    }
    ADD_FAILURE() << "never ends";
    return {};
  }

  /// What the machine does after the report of a start.
  void unmute() {
    UnmutePayload task;
    task.fleet = "fleet";
    task.environments = {{"dev", "us-east-1", "", {}}};
    task.since = clock_.now();
    task.unmute_after = std::chrono::minutes{15};
    const auto answer = run_task({*session_, clock_}, to_json(task));
    ASSERT_TRUE(answer);
    EXPECT_EQ(get_string(*answer, "status"), "done") << json_text(*answer);
  }

  std::string state(const std::string& name) {
    for (const auto& server : cloud_.servers(clock_.now())) {
      if (get_string(server, "name") == name) return get_string(server, "state");
    }
    return "";
  }
  std::map<std::string, std::string> ids() {
    std::map<std::string, std::string> by_name;
    for (const auto& server : cloud_.servers(clock_.now()))
      by_name[get_string(server, "name")] = get_string(server, "id");
    return by_name;
  }
  [[nodiscard]] std::size_t enabled_alarms() const {
    std::size_t count = 0;
    for (const auto& alarm : cloud_.alarms()) count += get_bool(alarm, "actions_enabled") ? 1 : 0;
    return count;
  }
  [[nodiscard]] std::size_t alarms() const { return cloud_.alarms().size(); }
  [[nodiscard]] Duration passed() const { return clock_.now() - kMorning; }
  [[nodiscard]] aws::CallCounts calls() const { return session_->counts(); }
  [[nodiscard]] int looks() const { return looks_; }

 private:
  static simcloud::CloudSpec spec(std::uint64_t seed, int count, const std::string& state,
                                  const std::vector<std::string>& faults) {
    simcloud::CloudSpec spec;
    spec.seed = seed;
    spec.muted_tag = {std::string(kMutedTag), "fleet/dev/db"};
    for (const auto& name : names(count)) {
      simcloud::ServerSpec server;
      server.name = name;
      server.region = "us-east-1";
      server.state = state;
      server.muted_alarms = state == "stopped";
      spec.servers.push_back(server);
    }
    for (const auto& fault : faults) spec.faults.push_back(simcloud::parse_fault(fault).value());
    return spec;
  }

  ManualClock clock_{kMorning};
  simcloud::Cloud cloud_;
  simcloud::Transport transport_;
  aws::FakeHost host_;
  std::unique_ptr<aws::Session> session_;
  int looks_ = 0;
};

TEST(SimulatedCloud, ADayAndANightLeaveEverythingAsItWas) {
  SimulatedCloud cloud(7, 5, "running");
  const auto enabled = cloud.enabled_alarms();
  ASSERT_LT(enabled, cloud.alarms()) << "the seed has an alarm that a person disabled";
  EXPECT_EQ(get_string(cloud.run("stop", 5), "status"), "ready");
  EXPECT_EQ(cloud.enabled_alarms(), 0U);
  EXPECT_EQ(cloud.state("test5"), "stopped");
  EXPECT_EQ(get_string(cloud.run("start", 5), "status"), "ready");
  cloud.unmute();
  EXPECT_EQ(cloud.enabled_alarms(), enabled);
  EXPECT_EQ(cloud.state("test5"), "running");
}

struct FaultCase {
  std::string fault;
  std::string action;
  std::string reason;  ///< of the phase, as a regular expression
};

TEST(SimulatedCloud, EveryFaultOfAServerIsNamedAndTheOthersGetThere) {
  const std::vector<FaultCase> cases{
      {"capacity:test2", "start", "test2: could not be started \\(InsufficientInstanceCapacity.*"},
      {"relapse:test2", "start", "test2: stopped again after its start was accepted \\(.+\\)"},
      {"stuck:test2", "start", "test2: still pending after 15m(1s)?"},
      {"stuck:test2", "stop", "test2: still stopping after 15m(1s)?"},
      {"impaired:test2", "start", "test2: runs, but its status checks have not passed after 15m.*impaired.*"},
      {"impaired-volume:test2", "start",
       "test2: runs, but .* \\(instance ok, system ok, attached volumes impaired\\)"},
      {"no-host:test2", "start", "test2: could not be started \\(InsufficientHostCapacity.*"},
      {"denied:test2", "start", "test2: could not be started \\(UnauthorizedOperation.*"},
      {"denied:test2", "stop", "test2: could not be stopped \\(UnauthorizedOperation.*"},
      {"protected:test2", "stop", "test2: could not be stopped \\(OperationNotPermitted.*disableApiStop.*"},
      {"one-time-spot:test2", "stop", "test2: could not be stopped \\(UnsupportedOperation.*one-time Spot.*"},
      {"instance-store:test2", "stop", "test2: could not be stopped \\(UnsupportedOperation.*'ebs' root.*"},
      {"gone:test2", "start", "test2: could not be started \\(InvalidInstanceID.NotFound.*"},
      {"gone:test2", "stop", "test2: could not be stopped \\(InvalidInstanceID.NotFound.*"}};
  for (const auto& [fault, action, reason] : cases) {
    SimulatedCloud cloud(3, 4, action == "start" ? "stopped" : "running", {fault});
    const auto phase = cloud.run(action, 4);
    EXPECT_EQ(get_string(phase, "status"), "failed") << fault;
    EXPECT_THAT(get_string(phase, "reason"), MatchesRegex(reason)) << fault << " " << action;
    EXPECT_EQ(get_int(phase, "servers_ready"), 3) << fault;
    for (const auto* name : {"test1", "test3", "test4"}) {
      EXPECT_EQ(cloud.state(name), action == "start" ? "running" : "stopped") << fault;
    }
  }
}

struct StopRefusal {
  std::string fault;
  std::string code;
};

TEST(SimulatedCloud, OfEightServersExactlyThoseThatMayNotBeStoppedRunOnEachWithItsOwnReason) {
  const std::vector<StopRefusal> refusals{{"protected", "OperationNotPermitted"},
                                          {"one-time-spot", "UnsupportedOperation"},
                                          {"instance-store", "UnsupportedOperation"},
                                          {"denied", "UnauthorizedOperation"}};
  std::mt19937 shuffling(3);  // NOLINT: the same orders every time
  for (unsigned subset = 0; subset < 256; ++subset) {
    std::vector<std::string> order = names(8);
    std::shuffle(order.begin(), order.end(), shuffling);
    std::map<std::string, StopRefusal> refused;
    std::vector<std::string> faults;
    for (unsigned i = 0; i < 8; ++i) {
      if ((subset >> i & 1U) == 0) continue;
      const auto& refusal = refusals[(i + subset / 16) % (subset % 2 == 0 ? refusals.size() : 1)];
      refused[order[i]] = refusal;
      faults.push_back(refusal.fault + ":" + order[i]);
    }
    SimulatedCloud cloud(subset, 8, "running", faults);
    const auto phase = cloud.run("stop", order, "none");
    EXPECT_EQ(get_string(phase, "status"), refused.empty() ? "ready" : "failed") << subset;
    const auto ids = cloud.ids();
    for (const auto& server : phase.at("servers").as_array()) {
      const auto name = get_string(server, "name");
      const auto reason = get_string(server, "reason");
      const auto expected = refused.find(name);
      EXPECT_EQ(cloud.state(name), expected == refused.end() ? "stopped" : "running") << subset;
      if (expected == refused.end()) {
        EXPECT_EQ(reason, "") << subset;
        continue;
      }
      EXPECT_THAT(reason, HasSubstr(expected->second.code)) << subset;
      for (const auto& [other, id] : ids) {
        EXPECT_THAT(reason,
                    other == name ? testing::Matcher<std::string>(HasSubstr(id)) : Not(HasSubstr(id)));
      }
    }
  }
}

TEST(SimulatedCloud, AFaultThatPassesIsOvercome) {
  for (const auto* fault : {"capacity:test2*3", "relapse:test2*2", "gone:test2*1", "gone:test2*2",
                            "gone:test2*5", "throttle:0.3", "error:0.3", "reset:0.3"}) {
    for (const auto* action : {"start", "stop"}) {
      const bool start = std::string_view(action) == "start";
      SimulatedCloud cloud(11, 4, start ? "stopped" : "running", {fault});
      const auto phase = cloud.run(action, 4);
      EXPECT_EQ(get_string(phase, "status"), "ready") << fault << ": " << get_string(phase, "reason");
      EXPECT_EQ(cloud.state("test2"), start ? "running" : "stopped") << fault;
      EXPECT_EQ(get_string(phase.at("alarms"), "reason"), "") << fault;
    }
  }
}

}  // namespace
}  // namespace lamplighter::tasks
