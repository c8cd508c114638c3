#include "deploy/names.h"

#include <gtest/gtest.h>

namespace lamplighter::deploy {
namespace {

TEST(Names, AreWhatEveryServiceTakes) {
  EXPECT_EQ(aws_name("weekday mornings"), "weekday-mornings");
  EXPECT_EQ(aws_name("  (a) & b_c! "), "a-b_c");
  EXPECT_EQ(logical_id("Schedule", "weekday mornings"), "ScheduleWeekdayMornings");
  EXPECT_EQ(logical_id("Machine", "stop-dev_2"), "MachineStopDev2");
}

TEST(Names, ThatAreTooLongStayApart) {
  const std::string one = aws_name(std::string(70, 'a') + "1");
  const std::string two = aws_name(std::string(70, 'a') + "2");
  EXPECT_EQ(one.size(), 64U);
  EXPECT_EQ(two.size(), 64U);
  EXPECT_NE(one, two);
  EXPECT_EQ(one, aws_name(std::string(70, 'a') + "1")) << "the same on every run";
}

TEST(Names, OfNothingButSignsAreStillNames) {
  EXPECT_FALSE(aws_name("早上").empty());
  EXPECT_NE(aws_name("早上"), aws_name("晚上"));
}

TEST(Names, ThatBecomeEqualAreToldApart) {
  UniqueNames names;
  EXPECT_EQ(names.take("a-b", "a b"), "a-b");
  EXPECT_EQ(names.take("a-b", "a b"), "a-b") << "the same text has the same name";
  EXPECT_NE(names.take("a-b", "a-b"), "a-b");
}

TEST(Names, TheStackStandsWhereTheFleetIs) {
  fleet::Fleet fleet;
  fleet.environments = {{"dev", "eu-west-1", "", {}}};
  EXPECT_EQ(home_region(fleet), "eu-west-1");
  fleet.notify.region = "eu-central-1";
  EXPECT_EQ(home_region(fleet), "eu-central-1");
  fleet.region = "us-east-1";
  EXPECT_EQ(home_region(fleet), "us-east-1");
}

}  // namespace
}  // namespace lamplighter::deploy
