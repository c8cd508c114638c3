#include "run/simulated_fleet.h"

#include <gmock/gmock.h>

#include "fleet/parse.h"

namespace lamplighter::run {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

fleet::Fleet many_ways() {
  const auto parsed = fleet::parse(R"(
fleet: many-ways
region: us-east-1
environments:
  dev:
    phases:
      - {name: db, servers: [dev-db-1, i-0123456789abcdef0]}
      - {name: app, servers: {tags: {Tier: app}}}
  far:
    region: eu-west-1
    phases:
      - {name: all, servers: [dev-app-1]}
notify: {sns: mailme}
)");
  EXPECT_TRUE(parsed.errors.empty());
  return parsed.fleet;
}

std::vector<std::string> names(const simcloud::CloudSpec& spec) {
  std::vector<std::string> found;
  for (const simcloud::ServerSpec& server : spec.servers) found.push_back(server.region + "/" + server.name);
  return found;
}

TEST(SimulatedFleet, HasAServerForEverySelector) {
  const auto spec = simulated_fleet(many_ways(), {});
  ASSERT_TRUE(spec);
  EXPECT_THAT(names(*spec), ElementsAre("us-east-1/dev-db-1", "us-east-1/dev-db-2", "us-east-1/dev-app-2",
                                        "us-east-1/dev-app-3", "eu-west-1/dev-app-1"))
      << "invented names keep clear of given ones";
  EXPECT_EQ(spec->servers[1].id, "i-0123456789abcdef0");
  EXPECT_THAT(spec->servers[2].tags, ElementsAre(std::pair<std::string, std::string>("Tier", "app")));
  EXPECT_THAT(spec->topics, ElementsAre("arn:aws:sns:us-east-1:123456789012:mailme"));
}

TEST(SimulatedFleet, IsReadyForItsAction) {
  const auto before_start = simulated_fleet(many_ways(), {});
  EXPECT_EQ(before_start->servers[0].state, "stopped");
  EXPECT_TRUE(before_start->servers[0].muted_alarms);
  const auto before_stop =
      simulated_fleet(many_ways(), {.seed = 1, .faults = {}, .action = tasks::Action::stop});
  EXPECT_EQ(before_stop->servers[0].state, "running");
  EXPECT_FALSE(before_stop->servers[0].muted_alarms);
}

TEST(SimulatedFleet, FaultsAreOfServersThatTheFleetHas) {
  const auto spec =
      simulated_fleet(many_ways(), {.seed = 1, .faults = {"stuck:i-0123456789abcdef0", "throttle:0.5"}});
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->faults[0].server, "dev-db-2");
  const auto unknown = simulated_fleet(many_ways(), {.seed = 1, .faults = {"stuck:dev-db-9"}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, "InvalidFault");
  EXPECT_THAT(unknown.error().message, HasSubstr("dev-db-1, dev-db-2"));
}

}  // namespace
}  // namespace lamplighter::run
