#include "deploy/names.h"

#include <gtest/gtest.h>

namespace lamplighter::deploy {
namespace {

TEST(Names, ALogicalIdIsMadeOfWords) {
  EXPECT_EQ(logical_id("Schedule", "weekday mornings"), "ScheduleWeekdayMornings");
  EXPECT_EQ(logical_id("Machine", "stop-dev_2"), "MachineStopDev2");
}

TEST(Names, TheStackStandsWhereTheFleetIs) {
  fleet::Fleet fleet;
  fleet.environments = {{"dev", "eu-west-1", "", {}}};
  EXPECT_EQ(home_region(fleet), "eu-west-1");
  fleet.notify = {{"mailme", "eu-central-1", {}}};
  EXPECT_EQ(home_region(fleet), "eu-central-1");
  fleet.region = "us-east-1";
  EXPECT_EQ(home_region(fleet), "us-east-1");
}

}  // namespace
}  // namespace lamplighter::deploy
