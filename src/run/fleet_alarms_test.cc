#include "run/fleet_alarms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run/simulated_world.h"

namespace lamplighter::run {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Time kNow{std::chrono::seconds(1'795'000'000)};

fleet::Fleet small_fleet() {
  fleet::Fleet fleet;
  fleet.name = "f";
  fleet.environments = {{"dev", "us-east-1", "", {{"db", {{"test1"}, {}, {}}}}}};
  return fleet;
}

simcloud::AlarmSpec silent(const std::string& name, const std::string& mark, const std::string& server = "") {
  simcloud::AlarmSpec alarm{.name = name, .region = "us-east-1", .server = server, .actions_enabled = false};
  if (!mark.empty()) {
    alarm.tags = {{"lamplighter:muted", mark}, {"lamplighter:muted-by", "2026-11-17T20:00:00.000Z stop-1"}};
  }
  return alarm;
}

class FleetAlarmsTest : public testing::Test {
 protected:
  FleetAlarmsTest() {
    simcloud::CloudSpec spec;
    spec.one_alarm_each = true;
    spec.servers.push_back({.id = "", .name = "test1", .region = "us-east-1", .tags = {}});
    spec.alarms = {silent("a muted", "f/dev/db"), silent("b orphan", "f/old/db"),
                   silent("c theirs", "g/dev/db"), silent("d by a person", "", "test1"),
                   silent("e of nobody", "")};
    world_ = SimulatedWorld::make(spec, kNow).value();
  }
  std::vector<std::string> look(AlarmOrder order = {}) {
    found_ = fleet_alarms(world_->caller(), world_->clock(), small_fleet(), order);
    EXPECT_THAT(found_.troubles, IsEmpty());
    std::vector<std::string> lines;
    for (const auto& alarm : found_.alarms)
      lines.push_back(alarm.name + ": " + std::string(to_string(alarm.status)));
    return lines;
  }
  bool enabled(const std::string& name) {
    for (const auto& alarm : world_->cloud().alarms()) {
      if (get_string(alarm, "name") == name) return get_bool(alarm, "actions_enabled");
    }
    return false;
  }

  std::unique_ptr<SimulatedWorld> world_;
  FleetAlarms found_;
};

TEST_F(FleetAlarmsTest, ListsWhatIsMutedSinceWhenAndByWhom) {
  EXPECT_THAT(look(), ElementsAre("a muted: muted", "b orphan: orphan", "c theirs: of another fleet",
                                  "d by a person: not marked"));
  EXPECT_EQ(json_text(to_json(found_).at(1)),
            R"({"alarm":"b orphan","region":"us-east-1","status":"orphan","fleet":"f","environment":"old",)"
            R"("phase":"db","since":"2026-11-17T20:00:00.000Z","execution":"stop-1"})");
  EXPECT_FALSE(enabled("b orphan")) << "nothing was changed";
}

TEST_F(FleetAlarmsTest, UnmuteGivesOrphansAndNoOthersTheirVoice) {
  EXPECT_THAT(look({.unmute = true, .adopt = false}),
              ElementsAre("a muted: muted", "b orphan: unmuted", "c theirs: of another fleet",
                          "d by a person: not marked"));
  EXPECT_TRUE(enabled("b orphan"));
  EXPECT_FALSE(enabled("a muted"));
  EXPECT_FALSE(enabled("c theirs"));
  EXPECT_THAT(look(),
              ElementsAre("a muted: muted", "c theirs: of another fleet", "d by a person: not marked"));
}

/// The fleet's server and one of an environment that left the file, both in `state`; what watches the latter.
simcloud::CloudSpec with_a_former_server(const std::string& state) {
  simcloud::CloudSpec spec;
  spec.one_alarm_each = true;
  for (const auto* name : {"test1", "old1"})
    spec.servers.push_back({.id = "", .name = name, .region = "us-east-1", .tags = {}, .state = state});
  spec.alarms = {silent("by dimension", "f/old/db", "old1"), silent("old1 by name", "f/old/db"),
                 silent("of no server", "f/old/db")};
  spec.alarms.push_back(silent("over one", "f/old/db"));
  spec.alarms.back().rule = R"(ALARM("by dimension"))";
  return spec;
}

TEST_F(FleetAlarmsTest, OrphansOfServersThatAreStoppedStayMutedAndAreNamed) {
  world_ = SimulatedWorld::make(with_a_former_server("stopped"), kNow).value();
  EXPECT_THAT(look({.unmute = true}), ElementsAre("by dimension: orphan", "of no server: unmuted",
                                                  "old1 by name: orphan", "over one: orphan"));
  EXPECT_THAT(found_.left, ElementsAre("by dimension", "old1 by name", "over one"));
  EXPECT_FALSE(enabled("by dimension"));
  world_ = SimulatedWorld::make(with_a_former_server("running"), kNow).value();
  EXPECT_THAT(look({.unmute = true}), ElementsAre("by dimension: unmuted", "of no server: unmuted",
                                                  "old1 by name: unmuted", "over one: unmuted"));
  EXPECT_THAT(found_.left, IsEmpty());
}

TEST_F(FleetAlarmsTest, AnAlarmThatIsNamedIsUnmutedHoweverItsServersAre) {
  world_ = SimulatedWorld::make(with_a_former_server("stopped"), kNow).value();
  EXPECT_THAT(look({.alarms = {"by dimension"}}), ElementsAre("by dimension: orphan"));
  EXPECT_THAT(look({.unmute = true, .alarms = {"by dimension"}}), ElementsAre("by dimension: unmuted"));
  EXPECT_TRUE(enabled("by dimension"));
  EXPECT_FALSE(enabled("of no server")) << "not named";
}

TEST_F(FleetAlarmsTest, OneThatIsNamedAndNotThisFleetsIsLeftAndSaid) {
  const auto found =
      fleet_alarms(world_->caller(), world_->clock(), small_fleet(),
                   {.unmute = true, .alarms = {"a muted", "c theirs", "d by a person", "nosuch"}});
  EXPECT_THAT(found.troubles, ElementsAre(HasSubstr("c theirs: it is muted for g/dev/db"),
                                          HasSubstr("d by a person: it bears no mark"),
                                          HasSubstr("nosuch: no alarm of this name is muted")));
  EXPECT_TRUE(enabled("a muted")) << "of the fleet's, and named";
  EXPECT_FALSE(enabled("c theirs"));
  EXPECT_FALSE(enabled("d by a person"));
}

TEST_F(FleetAlarmsTest, UnmuteOfAnEnvironmentIsForWhatRuns) {
  const auto run = [&](const std::string& state) {
    simcloud::CloudSpec spec;
    spec.one_alarm_each = true;
    spec.servers.push_back({.id = "", .name = "test1", .region = "us-east-1", .tags = {}, .state = state});
    spec.alarms = {silent("a muted", "f/dev/db", "test1"), silent("b orphan", "f/old/db")};
    world_ = SimulatedWorld::make(spec, kNow).value();
    return look({.unmute = true, .adopt = false, .environments = {"dev"}});
  };
  EXPECT_THAT(run("stopped"), ElementsAre("a muted: muted")) << "it would ring";
  EXPECT_THAT(run("running"), ElementsAre("a muted: unmuted"));
  EXPECT_TRUE(enabled("a muted"));
  EXPECT_FALSE(enabled("b orphan")) << "of no environment that was named";
}

TEST_F(FleetAlarmsTest, AdoptMarksThoseOfTheFleetsServers) {
  EXPECT_THAT(look({.unmute = false, .adopt = true}), testing::Contains("d by a person: adopted"));
  EXPECT_FALSE(enabled("d by a person"));
  EXPECT_THAT(look(), ElementsAre("a muted: muted", "b orphan: orphan", "c theirs: of another fleet",
                                  "d by a person: muted"));
  EXPECT_EQ(found_.alarms.back().mark.phase, "db");
}

TEST_F(FleetAlarmsTest, ARegionThatCannotBeLookedAtIsTold) {
  simcloud::CloudSpec spec;
  spec.faults = {simcloud::parse_fault("error:1").value()};
  world_ = SimulatedWorld::make(spec, kNow).value();
  const auto found = fleet_alarms(world_->caller(), world_->clock(), small_fleet(), {});
  EXPECT_THAT(found.troubles, ElementsAre(HasSubstr("us-east-1: InternalFailure")));
}

}  // namespace
}  // namespace lamplighter::run
