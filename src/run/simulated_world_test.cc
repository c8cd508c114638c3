#include "run/simulated_world.h"

#include <gmock/gmock.h>

#include "fleet/parse.h"
#include "run/progress.h"
#include "run/simulated_fleet.h"

namespace lamplighter::run {
namespace {

constexpr Time kStart{std::chrono::seconds(1'800'000'000)};

fleet::Fleet small_fleet() {
  auto parsed = fleet::parse(R"(
fleet: small
region: us-east-1
environments:
  dev: {phases: [{name: db, servers: [d1]}, {name: app, servers: [d2]}]}
  test: {phases: [{name: db, servers: [t1]}]}
notify: {sns: mailme}
)");
  EXPECT_TRUE(parsed.errors.empty());
  return parsed.fleet;
}

struct Ended {
  json::value report;
  std::string mail;
  std::vector<std::string> states;  ///< d1, d2, t1
  std::size_t calls = 0;
};

Ended run(tasks::Action action, const std::vector<std::string>& faults, std::uint64_t seed = 1) {
  const auto spec = simulated_fleet(small_fleet(), {.seed = seed, .faults = faults, .action = action});
  Ended ended;
  auto world =
      SimulatedWorld::make(*spec, kStart, [&](const http::OutgoingRequest&, Time) { ++ended.calls; });
  const auto result = (*world)->run(small_fleet(), action, {}, {});
  EXPECT_TRUE(result) << result.error().message;
  if (result->execution.output) ended.report = parse_json(*result->execution.output).value();
  for (const json::value& mail : (*world)->cloud().outbox()) ended.mail += get_string(mail, "subject");
  for (const json::value& server : (*world)->cloud().servers(kStart))
    ended.states.push_back(get_string(server, "state"));
  return ended;
}

TEST(SimulatedWorld, StartsAndStopsAFleet) {
  const Ended started = run(tasks::Action::start, {});
  EXPECT_EQ(get_string(started.report, "status"), "SUCCEEDED");
  EXPECT_EQ(started.mail, "START STATUS: SUCCESS - small");
  EXPECT_THAT(started.states, testing::Each("running"));
  EXPECT_GT(started.calls, 10U);
  const Ended stopped = run(tasks::Action::stop, {});
  EXPECT_EQ(stopped.mail, "SHUTDOWN STATUS: SUCCESS - small");
  EXPECT_THAT(stopped.states, testing::Each("stopped"));
}

/// A start, and when each alarm got its voice.
struct Heard {
  json::value report;
  Time reported{};
  std::map<std::string, Time> at;
  json::array alarms;
  aws::CallCounts calls;
  engine::ExecutionStatus status{};
  std::size_t events = 0;    ///< after the report
  std::size_t carrying = 0;  ///< those of them that hold the report
};

Heard run_until_heard(tasks::Action action, const std::vector<std::string>& faults,
                      const fleet::Fleet& fleet = small_fleet()) {
  auto spec = simulated_fleet(fleet, {.seed = 1, .faults = faults, .action = action}).value();
  spec.one_alarm_each = true;
  Heard heard;
  std::unique_ptr<SimulatedWorld> world;
  const auto look = [&](Time now) {
    for (const json::value& alarm : world->cloud().alarms()) {
      if (get_bool(alarm, "actions_enabled")) heard.at.try_emplace(get_string(alarm, "name"), now);
    }
  };
  world =
      SimulatedWorld::make(spec, kStart, [&](const http::OutgoingRequest&, Time now) { look(now); }).value();
  const auto result = world->run(fleet, action, {}, {});
  EXPECT_TRUE(result) << result.error().message;
  look(world->clock().line());
  heard.report = parse_json(result->execution.output.value_or("null")).value();
  heard.reported = reported_at(result->events).value_or(Time{});
  heard.alarms = world->cloud().alarms();
  heard.calls = world->caller().counts();
  heard.status = result->execution.status;
  heard.events = static_cast<std::size_t>(
      std::count_if(result->events.begin(), result->events.end(),
                    [&](const engine::Event& event) { return event.time >= heard.reported; }));
  heard.carrying = static_cast<std::size_t>(
      std::count_if(result->events.begin(), result->events.end(), [&](const engine::Event& event) {
        return event.time >= heard.reported && event.payload != nullptr &&
               event.payload->find("START STATUS: ") != std::string::npos;
      }));
  return heard;
}

bool all_heard(const Heard& heard) {
  return std::all_of(heard.alarms.begin(), heard.alarms.end(), [](const json::value& alarm) {
    return get_bool(alarm, "actions_enabled") && alarm.at("tags").as_object().empty();
  });
}

TEST(SimulatedWorld, AStartsAlarmsAreHeardAfterItsReportOnceTheyAreOk) {
  const Heard calm = run_until_heard(tasks::Action::start, {});
  ASSERT_NE(calm.reported, Time{});
  ASSERT_EQ(calm.at.size(), 3U);
  for (const auto& [name, at] : calm.at) {
    EXPECT_GE(at, calm.reported) << name;
    EXPECT_LT(at, calm.reported + std::chrono::minutes(1)) << name;
  }
  EXPECT_EQ(get_int(calm.report.at("alarms"), "follow"), 3);
  EXPECT_EQ(get_string(calm.report.at("notified"), "error"), "") << "the report's answer goes through";
  // The report's and the loop's first listing are one; three more of the loop's are in vain.
  const Heard late = run_until_heard(tasks::Action::start, {"ringing:d1*4"});
  EXPECT_TRUE(all_heard(late));
  const auto last = std::max_element(late.at.begin(), late.at.end(), [](const auto& a, const auto& b) {
                      return a.second < b.second;
                    })->second;
  EXPECT_GT(last, late.reported + std::chrono::minutes(4));
  EXPECT_LT(last, late.reported + std::chrono::minutes(6));
}

TEST(SimulatedWorld, AnAlarmThatNeverBecomesOkIsHeardAtTheBound) {
  fleet::Fleet fleet = small_fleet();
  for (const auto bound :
       {std::chrono::minutes(15), std::chrono::minutes(40), std::chrono::minutes(24 * 60)}) {
    fleet.unmute_after = bound;
    const Heard heard = run_until_heard(tasks::Action::start, {"ringing:d1"}, fleet);
    EXPECT_TRUE(all_heard(heard));
    Time last{};
    for (const auto& [name, at] : heard.at) last = std::max(last, at);
    EXPECT_GE(last, heard.reported + bound);
    EXPECT_LT(last, heard.reported + bound + std::chrono::minutes(1));
    EXPECT_LT(heard.events, 160U);
    EXPECT_LT(heard.carrying, 25U) << "the loop carries no report through its events";
    EXPECT_EQ(heard.status, engine::ExecutionStatus::succeeded);
  }
  fleet.unmute_after = Duration::zero();
  const Heard at_once = run_until_heard(tasks::Action::start, {"ringing:d1"}, fleet);
  for (const auto& [name, at] : at_once.at) EXPECT_LT(at, at_once.reported + std::chrono::minutes(1)) << name;
}

TEST(SimulatedWorld, AFleetThatNoLongerMutesLeavesNoAlarmSilent) {
  fleet::Fleet fleet = small_fleet();
  fleet.alarms = tasks::AlarmMatch::none;
  const Heard heard = run_until_heard(tasks::Action::start, {}, fleet);
  EXPECT_TRUE(all_heard(heard));
}

TEST(SimulatedWorld, AServerThatDoesNotStartIsHeardAtTheBoundToo) {
  const Heard heard = run_until_heard(tasks::Action::start, {"impaired:d1"});
  EXPECT_EQ(heard.status, engine::ExecutionStatus::failed);
  EXPECT_TRUE(all_heard(heard));
}

TEST(SimulatedWorld, AStopLooksForAlarmsOnlyWhereSomethingRunsOn) {
  const Heard stopped = run_until_heard(tasks::Action::stop, {});
  EXPECT_EQ(stopped.reported, Time{}) << "no loop";
  EXPECT_EQ(get_int(stopped.report.at("alarms"), "disabled"), 3);
  const Heard halted = run_until_heard(tasks::Action::stop, {"protected:d2"});
  EXPECT_EQ(halted.status, engine::ExecutionStatus::failed);
  int heard = 0;
  for (const json::value& alarm : halted.alarms) heard += get_bool(alarm, "actions_enabled") ? 1 : 0;
  EXPECT_EQ(heard, 2) << "d2 runs on, and d1 was not touched";
}

TEST(SimulatedWorld, ErrorsOfTheLoopFailNoRun) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    const auto spec = simulated_fleet(
        small_fleet(),
        {.seed = seed, .faults = {"error:0.3", "throttle:0.3"}, .action = tasks::Action::start});
    auto world = SimulatedWorld::make(*spec, kStart).value();
    ASSERT_TRUE(world->run(small_fleet(), tasks::Action::start, {}, {}));
    for (const json::value& alarm : world->cloud().alarms()) {
      EXPECT_EQ(alarm.at("tags").as_object().count("lamplighter:muted"), 0U) << seed << json_text(alarm);
    }
  }
}

TEST(SimulatedWorld, AFaultHaltsItsEnvironmentAlone) {
  const Ended ended = run(tasks::Action::start, {"capacity:d1"});
  EXPECT_EQ(ended.mail, "START STATUS: ABORTED - small");
  EXPECT_THAT(ended.states, testing::ElementsAre("stopped", "stopped", "running"));
}

/// A start during which somebody sets the clock on the wall, and whose process dies a little later.
struct SetClock {
  Ended ended;
  Duration lasted{};
};

SetClock run_with_clock_set(Duration set_by, const std::vector<std::string>& faults) {
  const auto spec = simulated_fleet(small_fleet(), {.seed = 1, .faults = faults});
  auto world = SimulatedWorld::make(*spec, kStart).value();
  int commits = 0;
  engine::SimulationOptions options;
  options.crash_after_commit = [&] {
    if (++commits == 10) world->clock().set_wall_by(set_by);
    return commits == 20;
  };
  const auto result = world->run(small_fleet(), tasks::Action::start, {}, options);
  EXPECT_TRUE(result) << result.error().message;
  EXPECT_GT(commits, 30);
  SetClock out{{}, world->clock().line() - kStart};
  for (const json::value& mail : world->cloud().outbox()) out.ended.mail += get_string(mail, "subject");
  return out;
}

TEST(SimulatedWorld, SettingTheClockNeitherFailsAPhaseNorHangsARunThoughTheProcessDies) {
  using std::chrono::hours;
  const SetClock calm = run_with_clock_set({}, {});
  const SetClock halted = run_with_clock_set({}, {"stuck:t1"});
  EXPECT_EQ(calm.ended.mail, "START STATUS: SUCCESS - small");
  EXPECT_EQ(halted.ended.mail, "START STATUS: ABORTED - small");
  for (const auto set_by : {hours(1), hours(-1), hours(24), hours(-24)}) {
    const SetClock set = run_with_clock_set(set_by, {});
    EXPECT_EQ(set.ended.mail, calm.ended.mail) << set_by.count();
    EXPECT_EQ(set.lasted, calm.lasted) << set_by.count();
    EXPECT_EQ(run_with_clock_set(set_by, {"stuck:t1"}).lasted, halted.lasted) << set_by.count();
  }
}

TEST(SimulatedWorld, AHundredEnvironmentsAskEc2TogetherAndNoMoreThanItLetsThrough) {
  fleet::Fleet fleet = small_fleet();
  fleet.alarms = tasks::AlarmMatch::none;
  fleet.environments.clear();
  for (int i = 0; i < 100; ++i) {
    fleet::Phase phase;
    phase.name = "db";
    phase.servers.names = {"server" + std::to_string(i)};
    fleet.environments.push_back({"env" + std::to_string(i), "us-east-1", "", {phase}});
  }
  const auto spec = simulated_fleet(fleet, {.seed = 1, .faults = {}, .action = tasks::Action::start});
  auto world = SimulatedWorld::make(*spec, kStart);
  const auto result = (*world)->run(fleet, tasks::Action::start, {}, {});
  ASSERT_TRUE(result) << result.error().message;
  auto counts = (*world)->caller().counts();
  EXPECT_EQ(counts["ec2:StartInstances"], 100U) << "one each: nobody was refused for EC2's rate";
  EXPECT_LT(counts["ec2:DescribeInstances"], 400U) << "in some 1,800 looks";
  EXPECT_LT(counts["ec2:DescribeInstanceStatus"], 400U);
}

TEST(SimulatedWorld, IsTheSameForTheSameSeed) {
  EXPECT_EQ(run(tasks::Action::start, {"error:0.1"}, 3).report,
            run(tasks::Action::start, {"error:0.1"}, 3).report);
}

}  // namespace
}  // namespace lamplighter::run
