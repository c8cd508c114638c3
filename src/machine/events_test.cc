#include "machine/events.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "machine/compile.h"
#include "tasks/protocol/pace.h"

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

TEST(Events, WhatCannotBeLookedAtOftenEnoughIsRefusedWithTheFigure) {
  const auto definition = compile(fleet_of(2000), tasks::Action::start);
  ASSERT_FALSE(definition);
  EXPECT_EQ(definition.error().code, "TooManyEvents");
  EXPECT_NE(definition.error().message.find("25000"), std::string::npos) << definition.error().message;
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
