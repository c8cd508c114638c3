#include "simcloud/rate_limits.h"

#include <gtest/gtest.h>

namespace lamplighter::simcloud {
namespace {

using std::chrono::seconds;

constexpr Time kStart{seconds(1'800'000'000)};

int allowed_at_once(RateLimits& limits, std::string_view service, std::string_view action, Time now) {
  int count = 0;
  while (count < 1000 && limits.allow("us-east-1", service, action, 0, now)) ++count;
  return count;
}

TEST(RateLimits, AreThoseOfAws) {
  RateLimits limits;
  EXPECT_EQ(allowed_at_once(limits, "ec2", "DescribeInstances", kStart), 100);
  EXPECT_EQ(allowed_at_once(limits, "ec2", "StartInstances", kStart), 5);
  EXPECT_EQ(allowed_at_once(limits, "ec2", "StopInstances", kStart), 50);
  EXPECT_EQ(allowed_at_once(limits, "monitoring", "DescribeAlarms", kStart), 9);
  EXPECT_EQ(allowed_at_once(limits, "monitoring", "DisableAlarmActions", kStart), 3);
  EXPECT_EQ(allowed_at_once(limits, "tagging", "TagResources", kStart), 5);
  EXPECT_EQ(allowed_at_once(limits, "tagging", "GetResources", kStart), 15);
  EXPECT_EQ(allowed_at_once(limits, "ec2", "StartInstances", kStart + seconds(1)), 2);
}

TEST(RateLimits, CountTheInstancesOfACallToo) {
  RateLimits limits;
  EXPECT_TRUE(limits.allow("us-east-1", "ec2", "StartInstances", 1000, kStart));
  EXPECT_FALSE(limits.allow("us-east-1", "ec2", "StartInstances", 1, kStart));
  EXPECT_TRUE(limits.allow("us-east-1", "ec2", "StartInstances", 2, kStart + seconds(1)));
}

TEST(RateLimits, AreEachRegionsOwn) {
  RateLimits limits;
  EXPECT_EQ(allowed_at_once(limits, "ec2", "StartInstances", kStart), 5);
  EXPECT_TRUE(limits.allow("eu-west-1", "ec2", "StartInstances", 1, kStart));
}

}  // namespace
}  // namespace lamplighter::simcloud
