#include "deploy/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/test_fleet.h"

namespace lamplighter::deploy {
namespace {

using testing::ElementsAre;

std::vector<std::string> sids(const json::object& policy) {
  std::vector<std::string> names;
  for (const auto& statement : policy.at("Statement").as_array())
    names.push_back(get_string(statement, "Sid"));
  return names;
}

const json::object& statement(const json::object& policy, std::string_view sid) {
  for (const auto& statement : policy.at("Statement").as_array()) {
    if (get_string(statement, "Sid") == sid) return statement.as_object();
  }
  throw std::runtime_error("no statement " + std::string(sid));
}

std::string condition(const json::object& policy, std::string_view sid) {
  return json_text(statement(policy, sid).at("Condition"));
}

TEST(Policy, AllowsOnlyTheFleetsServersByName) {
  const auto policy = function_policy(small_fleet(), Account::of_region("us-east-1", "111122223333"));
  EXPECT_THAT(sids(policy), ElementsAre("Look", "StartStopNamesUsEast1", "FindAlarms", "MarkAlarms",
                                        "MuteAlarms", "FindTopic", "Report", "Agree", "WriteLog"));
  EXPECT_EQ(condition(policy, "StartStopNamesUsEast1"),
            R"({"StringEquals":{"ec2:ResourceTag/Name":["test2","test1"]}})");
  EXPECT_EQ(statement(policy, "StartStopNamesUsEast1").at("Resource"),
            "arn:aws:ec2:us-east-1:111122223333:instance/*");
  EXPECT_EQ(statement(policy, "Report").at("Resource"), "arn:aws:sns:us-east-1:111122223333:mailme");
  EXPECT_EQ(statement(policy, "Agree").at("Resource"),
            "arn:aws:dynamodb:us-east-1:111122223333:table/lamplighter-small-coordination");
  EXPECT_EQ(condition(policy, "Agree"),
            R"({"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["lease/small","overrides/small"]}})");
}

TEST(Policy, NamesInstancesAndTagSets) {
  fleet::Fleet fleet = small_fleet();
  fleet.environments[0].phases[0].servers = {{}, {"i-0a"}, {{{"Environment", "dev"}, {"Tier", "db"}}}};
  const auto policy = function_policy(fleet, Account::of_region("us-east-1"));
  EXPECT_EQ(condition(policy, "StartStopTagsUsEast1"),
            R"({"StringEquals":{"ec2:ResourceTag/Environment":"dev","ec2:ResourceTag/Tier":"db"}})");
  EXPECT_EQ(json_text(statement(policy, "StartStopIdsUsEast1").at("Resource")),
            R"(["arn:aws:ec2:us-east-1:*:instance/i-0a"])");
  EXPECT_FALSE(statement(policy, "StartStopIdsUsEast1").contains("Condition"));
}

TEST(Policy, ATagIsNeverReadAsAVariable) {
  fleet::Fleet fleet = small_fleet();
  fleet.environments[0].phases[0].servers.names = {"a${aws:username}"};
  EXPECT_THAT(condition(function_policy(fleet, Account::of_stack()), "StartStopNamesUsEast1"),
              testing::HasSubstr("a${$}{aws:username}"));
}

TEST(Policy, ATagIsNeverReadAsADynamicReference) {
  fleet::Fleet fleet = small_fleet();
  auto& servers = fleet.environments[0].phases[0].servers;
  servers.names = {"web", "{{resolve:ssm:/x}}"};
  servers.tags = {{{"Environment", "dev"}, {"Owner", "{{{resolve:ssm:/y}}"}}};
  const auto policy = function_policy(fleet, Account::of_stack());
  EXPECT_EQ(condition(policy, "StartStopNamesUsEast1"),
            R"({"StringEquals":{"ec2:ResourceTag/Name":["web","test1"]}})");
  EXPECT_EQ(condition(policy, "StartStopNamesUsEast1No2"),
            R"({"StringLike":{"ec2:ResourceTag/Name":["{?resolve:ssm:/x}}"]}})");
  EXPECT_EQ(condition(policy, "StartStopTagsUsEast1"),
            R"({"StringEquals":{"ec2:ResourceTag/Environment":"dev"},)"
            R"("StringLike":{"ec2:ResourceTag/Owner":"{?{resolve:ssm:/y}}"}})");
}

TEST(Policy, KeepsRegionsApart) {
  fleet::Fleet fleet = small_fleet();
  fleet.environments.push_back({"eu", "eu-west-1", "", {phase("db", {"eu1"})}});
  const auto policy = function_policy(fleet, Account::of_region("us-east-1"));
  EXPECT_EQ(condition(policy, "Look"),
            R"({"StringEquals":{"aws:RequestedRegion":["us-east-1","eu-west-1"]}})");
  EXPECT_EQ(condition(policy, "StartStopNamesEuWest1"),
            R"({"StringEquals":{"ec2:ResourceTag/Name":["eu1"]}})");
}

TEST(Policy, LeavesAnotherAccountsServersToItsRole) {
  fleet::Fleet fleet = small_fleet();
  const std::string role = "arn:aws:iam::444455556666:role/Lamplighter";
  fleet.environments[0].role_arn = role;
  const auto own = function_policy(fleet, Account::of_region("us-east-1"));
  EXPECT_THAT(sids(own), ElementsAre("FindTopic", "Report", "Agree", "AssumeRoles", "WriteLog"));
  EXPECT_EQ(json_text(statement(own, "AssumeRoles").at("Resource")), "[\"" + role + "\"]");

  const auto others = role_policy(fleet, role);
  EXPECT_THAT(sids(others),
              ElementsAre("Look", "StartStopNamesUsEast1", "FindAlarms", "MarkAlarms", "MuteAlarms"));
  EXPECT_EQ(statement(others, "StartStopNamesUsEast1").at("Resource"),
            "arn:aws:ec2:us-east-1:444455556666:instance/*");
}

TEST(Policy, AsksForNothingThatTheFileDoesNotNeed) {
  fleet::Fleet fleet = small_fleet();
  fleet.alarms = tasks::AlarmMatch::none;
  fleet.notify = {};
  fleet.coordination.kind = tasks::Coordination::Kind::none;
  EXPECT_THAT(
      sids(function_policy(fleet, Account::of_stack())),
      ElementsAre("Look", "StartStopNamesUsEast1", "FindAlarms", "UnmarkAlarms", "UnmuteAlarms", "WriteLog"));
  fleet.notify = {{"arn:aws:sns:eu-west-1:111122223333:mailme", "eu-west-1", {}}};
  EXPECT_THAT(sids(function_policy(fleet, Account::of_stack())),
              ElementsAre("Look", "StartStopNamesUsEast1", "FindAlarms", "UnmarkAlarms", "UnmuteAlarms",
                          "Report", "WriteLog"));
}

TEST(Policy, IsSplitWithinIamsLimits) {
  fleet::Fleet fleet = small_fleet();
  auto& names = fleet.environments[0].phases[0].servers.names;
  for (int i = 0; i < 500; ++i) names.push_back("preproduction-app-server-" + std::to_string(i));
  const auto policy = function_policy(fleet, Account::of_stack());
  const auto parts = split_policy(policy);
  ASSERT_TRUE(parts) << parts.error().message;
  EXPECT_GT(parts->size(), 1U);
  EXPECT_LE(parts->size(), 10U);
  std::size_t statements = 0;
  for (const auto& part : *parts) {
    EXPECT_LE(json_text(part).size(), 6144U);
    statements += part.at("Statement").as_array().size();
  }
  EXPECT_EQ(statements, policy.at("Statement").as_array().size());

  for (int i = 0; i < 5000; ++i) names.push_back("another-quite-long-server-name-" + std::to_string(i));
  const auto refused = split_policy(function_policy(fleet, Account::of_stack()));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "PolicyTooLarge");
}

TEST(Policy, KnowsThePartitions) {
  EXPECT_EQ(Account::of_region("cn-north-1").partition, "aws-cn");
  EXPECT_EQ(Account::of_region("us-gov-west-1").partition, "aws-us-gov");
  EXPECT_EQ(Account::of_region("eusc-de-east-1").partition, "aws-eusc");
  EXPECT_EQ(Account::of_region("eu-central-1").partition, "aws");
}

}  // namespace
}  // namespace lamplighter::deploy
