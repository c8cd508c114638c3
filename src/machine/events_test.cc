#include "machine/events.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "machine/compile.h"

namespace lamplighter::machine {
namespace {

fleet::Fleet fleet_of(int environments) {
  fleet::Fleet fleet;
  fleet.name = "wide";
  for (int i = 0; i < environments; ++i) {
    fleet::Environment environment;
    environment.name = "env" + std::to_string(i);
    environment.region = "us-east-1";
    for (const char* name : {"db", "app"}) {
      fleet::Phase phase;
      phase.name = name;
      phase.servers.names = {environment.name + "-" + name};
      environment.phases.push_back(phase);
    }
    fleet.environments.push_back(environment);
  }
  return fleet;
}

/// The "wait" of some Task of the machine.
std::int64_t longest_wait(const json::value& definition) {
  const json::value& state = definition.at("States").at("Start all environments").at("Branches").at(0);
  return state.at("States")
      .at("Start env0 db servers")
      .at("Arguments")
      .at("Payload")
      .at("wait")
      .at("max")
      .as_int64();
}

TEST(Events, ASmallFleetIsLookedAtOften) {
  EXPECT_EQ(longest_wait(*compile(fleet_of(3), tasks::Action::start)), 5);
}

TEST(Events, AWideFleetIsLookedAtLessSoThatNoExecutionPassesTheLimit) {
  const fleet::Fleet wide = fleet_of(40);
  EXPECT_GT(most_events(wide, {}, kEmbeddedPaces[0]), limits::kHistoryEvents);
  const auto pace = fitting_pace(wide, {}, kEmbeddedPaces);
  ASSERT_TRUE(pace);
  EXPECT_LE(most_events(wide, {}, *pace), limits::kHistoryEvents);
  EXPECT_EQ(longest_wait(*compile(wide, tasks::Action::start)), pace->max);
}

TEST(Events, WhatNoPaceCanHoldIsRefusedWithTheFigure) {
  const auto definition = compile(fleet_of(2000), tasks::Action::start);
  ASSERT_FALSE(definition);
  EXPECT_EQ(definition.error().code, "TooManyEvents");
  EXPECT_NE(definition.error().message.find("25000"), std::string::npos) << definition.error().message;
}

TEST(Events, AChosenPartCountsAlone) {
  EXPECT_LT(most_events(fleet_of(40), {"env0"}, kEmbeddedPaces[0]),
            most_events(fleet_of(2), {}, kEmbeddedPaces[0]));
}

TEST(Looks, AFleetTooWideForOneExecutionIsRefusedWithTheFigure) {
  EXPECT_EQ(looks_for(fleet_of(3), {}), tasks::kMostLooks);
  EXPECT_EQ(looks_for(fleet_of(2000), {"env0"}), tasks::kMostLooks) << "a part of it fits";
  const auto looks = looks_for(fleet_of(2000), {});
  ASSERT_FALSE(looks);
  EXPECT_EQ(looks.error().code, "TooManyEvents");
  EXPECT_NE(looks.error().message.find("4000 phases"), std::string::npos) << looks.error().message;
}

TEST(Looks, WhatTheyTakeStaysUnderTheLimit) {
  for (const int environments : {1, 3, 10, 40, 100, 200}) {
    const auto fleet = fleet_of(environments);
    const auto looks = looks_for(fleet, {});
    ASSERT_TRUE(looks) << environments;
    EXPECT_LE(most_events(fleet, {}, *looks), limits::kHistoryEvents) << environments;
  }
}

}  // namespace
}  // namespace lamplighter::machine
