// State machines in the style of the Python predecessor's, run by the embedded engine with the function's own
// event handler against the simulated cloud.
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/lambda/classic_fleet.h"
#include "apps/lambda/events.h"
#include "aws/client/session.h"
#include "engine/virtual/simulation.h"
#include "fleet/parse.h"
#include "run/lambda_tasks.h"
#include "run/simulated_fleet.h"
#include "simcloud/transport.h"
#include "tests/support/fake_aws.h"

namespace lamplighter::cli {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::SizeIs;

std::string read_source(const std::string& path) {
  std::ifstream file(std::string(LAMPLIGHTER_SOURCE_DIR) + "/" + path);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << path;
  return text.str();
}

/// The time that the handlers and the cloud see. The simulation lets parallel tasks begin at the same moment,
/// but runs them one after another, and these sleep: without this the cloud would be far ahead of the later
/// ones.
class ForwardClock final : public Clock {
 public:
  explicit ForwardClock(Clock& inner) : inner_(inner), latest_(inner.now()) {}
  [[nodiscard]] Time now() const override {
    latest_ = std::max(latest_, inner_.now());
    return latest_;
  }
  void sleep(Duration duration) override {
    latest_ = now() + std::max(duration, Duration::zero());
    inner_.sleep(duration);
  }

 private:
  Clock& inner_;
  mutable Time latest_;
};

/// One run of tests/classic/ACTION.asl.json over the example fleet.
class ClassicRun {
 public:
  explicit ClassicRun(tasks::Action action, std::vector<std::string> faults = {}) {
    const auto yaml = read_source("examples/lower-environments.yaml");
    const auto fleet = fleet::parse(yaml).fleet;
    simcloud::Cloud cloud(run::simulated_fleet(fleet, {1, std::move(faults), action}).value());
    engine::SimulationClock engine_clock(*parse_time("2026-11-24T06:00:00Z"));
    ForwardClock clock(engine_clock);
    simcloud::Transport transport(cloud, clock, 1);
    aws::FakeHost host;
    host.variables["LAMPLIGHTER_FLEET"] = "fleet.yaml";
    host.files["fleet.yaml"] = yaml;
    aws::SessionOptions options;
    options.credentials = aws::Credentials{"AKIA", "secret-of-the-test", ""};
    const auto session = aws::Session::make(options, host, transport, clock).value();
    lambda_runtime::Log log(log_, clock);
    Events events({*session, clock}, load_classic_fleet(host).value(), log);
    const auto handle = [&](const json::value& payload, Clock&, bool) -> Result<json::value> {
      lambda_runtime::Invocation invocation;
      invocation.deadline = clock.now() + std::chrono::minutes(15);
      invocation.event = json_text(payload);
      return parse_json(TRY(events.handle(invocation)));
    };
    run::LambdaTasks tasks(handle, {}, clock);
    const auto path = "tests/classic/" + std::string(tasks::to_string(action)) + ".asl.json";
    const auto result = engine::simulate(read_source(path), json::object{}, engine_clock, tasks);
    EXPECT_TRUE(result) << result.error().message;
    if (result) status = result->execution.status;
    for (const auto& server : cloud.servers(clock.now())) {
      states[get_string(server, "name")] = get_string(server, "state");
    }
    outbox = cloud.outbox();
  }

  [[nodiscard]] std::string log() const { return log_.str(); }
  [[nodiscard]] std::vector<std::string> states_of(const std::vector<std::string>& names) const {
    std::vector<std::string> out;
    for (const auto& name : names) out.push_back(states.at(name));
    return out;
  }
  [[nodiscard]] std::string mail(const char* part) const { return get_string(outbox.at(0), part); }

  engine::ExecutionStatus status = engine::ExecutionStatus::running;
  std::map<std::string, std::string> states;
  json::array outbox;

 private:
  std::ostringstream log_;
};

TEST(ClassicMachine, StartsEverything) {
  const ClassicRun run(tasks::Action::start);
  EXPECT_EQ(run.status, engine::ExecutionStatus::succeeded) << run.log();
  ASSERT_THAT(run.states, SizeIs(20));
  EXPECT_THAT(run.states, Each(Pair(testing::_, "running")));
  ASSERT_THAT(run.outbox, SizeIs(1));
  EXPECT_EQ(run.mail("subject"), "START STATUS: SUCCESS");
  EXPECT_THAT(run.mail("message"), HasSubstr("stopped -> running  instance ok, system ok"));
  EXPECT_THAT(run.log(), HasSubstr("STARTING PREPROD APP SERVERS"));
}

TEST(ClassicMachine, AFailingDatabaseKeepsItsOwnAppsStoppedOnly) {
  const ClassicRun run(tasks::Action::start, {"capacity:test9"});
  EXPECT_EQ(run.status, engine::ExecutionStatus::failed) << run.log();
  EXPECT_THAT(run.states_of({"test6", "test11", "test17", "test18"}), Each("stopped"));
  EXPECT_THAT(run.states_of({"test1", "test4", "test12", "test13", "test15"}), Each("running"));
  ASSERT_THAT(run.outbox, SizeIs(1));
  EXPECT_EQ(run.mail("subject"), "START STATUS: ABORTED");
  EXPECT_THAT(run.mail("message"), HasSubstr("test app\n  not touched\n"));
}

TEST(ClassicMachine, StopsEverything) {
  const ClassicRun run(tasks::Action::stop);
  EXPECT_EQ(run.status, engine::ExecutionStatus::succeeded) << run.log();
  EXPECT_THAT(run.states, Each(Pair(testing::_, "stopped")));
  ASSERT_THAT(run.outbox, SizeIs(1));
  EXPECT_EQ(run.mail("subject"), "SHUTDOWN STATUS: SUCCESS");
}

TEST(ClassicMachine, AStuckAppKeepsItsOwnDatabaseRunningOnly) {
  const ClassicRun run(tasks::Action::stop, {"stuck:test1"});
  EXPECT_EQ(run.status, engine::ExecutionStatus::failed) << run.log();
  EXPECT_THAT(run.states_of({"test2", "test7", "test8"}), Each("running"));
  EXPECT_THAT(run.states_of({"test3", "test9", "test15", "test20"}), Each("stopped"));
  EXPECT_EQ(run.mail("subject"), "SHUTDOWN STATUS: ABORTED");
}

}  // namespace
}  // namespace lamplighter::cli
