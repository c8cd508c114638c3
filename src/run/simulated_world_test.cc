#include "run/simulated_world.h"

#include <gmock/gmock.h>

#include "fleet/parse.h"
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
  EXPECT_EQ(started.mail, "START STATUS: SUCCESS");
  EXPECT_THAT(started.states, testing::Each("running"));
  EXPECT_GT(started.calls, 10U);
  const Ended stopped = run(tasks::Action::stop, {});
  EXPECT_EQ(stopped.mail, "SHUTDOWN STATUS: SUCCESS");
  EXPECT_THAT(stopped.states, testing::Each("stopped"));
}

TEST(SimulatedWorld, AFaultHaltsItsEnvironmentAlone) {
  const Ended ended = run(tasks::Action::start, {"capacity:d1"});
  EXPECT_EQ(ended.mail, "START STATUS: ABORTED");
  EXPECT_THAT(ended.states, testing::ElementsAre("stopped", "stopped", "running"));
}

TEST(SimulatedWorld, IsTheSameForTheSameSeed) {
  EXPECT_EQ(run(tasks::Action::start, {"error:0.1"}, 3).report,
            run(tasks::Action::start, {"error:0.1"}, 3).report);
}

}  // namespace
}  // namespace lamplighter::run
