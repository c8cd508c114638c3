#include "simcloud/ec2.h"

#include <gmock/gmock.h>

#include "tests/support/test_cloud.h"

namespace lamplighter::simcloud {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

CloudSpec dev_servers() {
  CloudSpec spec;
  spec.servers = {a_server("dev-db-1"), a_server("dev-app-1", "running"), a_server("dev-app-10")};
  for (ServerSpec& server : spec.servers) server.tags = {{"Environment", "dev"}};
  spec.servers[0].tags.emplace_back("Tier", "db");
  return spec;
}

std::vector<std::string> found(TestCloud& cloud, std::string_view filters) {
  return texts(cloud.call("ec2", "DescribeInstances", filters), "//tagSet/item[key='Name']/value");
}

TEST(DescribeInstances, HasEc2sShape) {
  TestCloud cloud(dev_servers());
  const pugi::xml_node root = cloud.call("ec2", "DescribeInstances", "InstanceId.1=" + cloud.id("dev-db-1"));
  EXPECT_STREQ(root.name(), "DescribeInstancesResponse");
  EXPECT_STREQ(root.attribute("xmlns").value(), "http://ec2.amazonaws.com/doc/2016-11-15/");
  const pugi::xml_node instance =
      root.child("reservationSet").child("item").child("instancesSet").child("item");
  EXPECT_EQ(instance.child_value("instanceId"), cloud.id("dev-db-1"));
  EXPECT_EQ(instance.child("instanceState").child("code").text().as_int(), 80);
  EXPECT_STREQ(instance.child("instanceState").child_value("name"), "stopped");
  EXPECT_STREQ(instance.child("stateReason").child_value("code"), "Client.UserInitiatedShutdown");
  EXPECT_EQ(texts(instance, "tagSet/item/key"), (std::vector<std::string>{"Environment", "Name", "Tier"}));
}

TEST(DescribeInstances, Filters) {
  TestCloud cloud(dev_servers());
  EXPECT_THAT(found(cloud, "Filter.1.Name=tag:Name&Filter.1.Value.1=dev-app-1"), ElementsAre("dev-app-1"));
  EXPECT_THAT(found(cloud, "Filter.1.Name=tag:Name&Filter.1.Value.1=dev-app-1*"),
              ElementsAre("dev-app-1", "dev-app-10"));
  EXPECT_THAT(found(cloud, "Filter.1.Name=tag:Name&Filter.1.Value.1=dev-app-1?"), ElementsAre("dev-app-10"));
  EXPECT_THAT(found(cloud, "Filter.1.Name=tag:Name&Filter.1.Value.1=dev-app-1\\*"), IsEmpty());
  EXPECT_THAT(found(cloud, "Filter.1.Name=tag:Name&Filter.1.Value.1=dev-db-1&Filter.1.Value.2=dev-app-10"),
              ElementsAre("dev-db-1", "dev-app-10"));
  EXPECT_THAT(
      found(cloud,
            "Filter.1.Name=tag:Environment&Filter.1.Value.1=dev&Filter.2.Name=tag:Tier&Filter.2.Value.1=db"),
      ElementsAre("dev-db-1"));
  EXPECT_THAT(found(cloud, "Filter.1.Name=tag-key&Filter.1.Value.1=Tier"), ElementsAre("dev-db-1"));
  EXPECT_THAT(found(cloud, "Filter.1.Name=instance-state-name&Filter.1.Value.1=running"),
              ElementsAre("dev-app-1"));
  EXPECT_THAT(found(cloud, "Filter.1.Name=instance-id&Filter.1.Value.1=" + cloud.id("dev-app-10")),
              ElementsAre("dev-app-10"));
  EXPECT_THAT(found(cloud, "Filter.1.Name=tag:Name&Filter.1.Value.1=nobody"), IsEmpty());
  EXPECT_EQ(cloud.error("ec2", "DescribeInstances", "Filter.1.Name=colour&Filter.1.Value.1=red"),
            "InvalidParameterValue");
  std::string many = "Filter.1.Name=instance-id";
  for (int i = 1; i <= 201; ++i) many += fmt::format("&Filter.1.Value.{}=i-{}", i, i);
  EXPECT_EQ(cloud.error("ec2", "DescribeInstances", many), "FilterLimitExceeded");
}

TEST(DescribeInstances, Pages) {
  CloudSpec spec;
  for (int i = 0; i < 2'300; ++i) spec.servers.push_back(a_server(fmt::format("s{}", i)));
  TestCloud cloud(spec);
  std::vector<std::size_t> sizes;
  std::string token;
  do {
    const pugi::xml_node root = cloud.call(
        "ec2", "DescribeInstances", token.empty() ? "MaxResults=1000" : "MaxResults=1000&NextToken=" + token);
    sizes.push_back(texts(root, "//instanceId").size());
    token = root.child_value("nextToken");
  } while (!token.empty());
  EXPECT_THAT(sizes, ElementsAre(1000, 1000, 300));
  EXPECT_EQ(cloud.error("ec2", "DescribeInstances", "NextToken=other"), "InvalidNextToken");
  EXPECT_EQ(cloud.error("ec2", "DescribeInstances", "MaxResults=4"), "InvalidParameterValue");
  EXPECT_EQ(cloud.error("ec2", "DescribeInstances", "MaxResults=1001"), "InvalidParameterValue");
  EXPECT_EQ(cloud.error("ec2", "DescribeInstances", "MaxResults=10&InstanceId.1=" + cloud.id("s1")),
            "InvalidParameterCombination");
}

TEST(DescribeInstances, RefusesUnknownIds) {
  TestCloud cloud(dev_servers());
  EXPECT_EQ(cloud.error("ec2", "DescribeInstances", "InstanceId.1=i-0123456789abcdef0"),
            "InvalidInstanceID.NotFound");
  EXPECT_EQ(cloud.error("ec2", "DescribeInstances", "InstanceId.1=web"), "InvalidInstanceID.Malformed");
  EXPECT_EQ(cloud.error("ec2", "DescribeInstances", "DryRun=true"), "DryRunOperation");
  EXPECT_EQ(cloud.status, 412);
}

TEST(DescribeInstanceStatus, ShowsTheRunningUnlessAskedForAll) {
  TestCloud cloud(dev_servers());
  const pugi::xml_node running = cloud.call("ec2", "DescribeInstanceStatus");
  EXPECT_EQ(texts(running, "//instanceId"), std::vector{cloud.id("dev-app-1")});
  EXPECT_THAT(texts(running, "//instanceStatus/status"), ElementsAre("ok"));
  EXPECT_THAT(texts(running, "//systemStatus/details/item/status"), ElementsAre("passed"));
  EXPECT_THAT(texts(cloud.call("ec2", "DescribeInstanceStatus", "IncludeAllInstances=true"),
                    "//instanceStatus/status"),
              ElementsAre("not-applicable", "ok", "not-applicable"));
  EXPECT_THAT(texts(cloud.call("ec2", "DescribeInstanceStatus",
                               "Filter.1.Name=instance-status.status&Filter.1.Value.1=impaired"),
                    "//instanceId"),
              IsEmpty());
}

TEST(DescribeInstanceStatus, LimitsIdsAndPages) {
  CloudSpec spec;
  for (int i = 0; i < 12; ++i) spec.servers.push_back(a_server(fmt::format("s{}", i), "running"));
  TestCloud cloud(spec);
  const pugi::xml_node first = cloud.call("ec2", "DescribeInstanceStatus", "MaxResults=10");
  EXPECT_EQ(texts(first, "//instanceId").size(), 10U);
  const std::string token = first.child_value("nextToken");
  EXPECT_EQ(
      texts(cloud.call("ec2", "DescribeInstanceStatus", "MaxResults=10&NextToken=" + token), "//instanceId")
          .size(),
      2U);
  std::string ids;
  for (int i = 1; i <= 101; ++i) ids += fmt::format("InstanceId.{}={}&", i, cloud.id("s1"));
  EXPECT_EQ(cloud.error("ec2", "DescribeInstanceStatus", ids), "InvalidParameterValue");
}

TEST(StartAndStop, SayTheStatesBeforeAndAfter) {
  TestCloud cloud(dev_servers());
  const pugi::xml_node started =
      cloud.call("ec2", "StartInstances",
                 fmt::format("InstanceId.1={}&InstanceId.2={}", cloud.id("dev-db-1"), cloud.id("dev-app-1")));
  EXPECT_THAT(texts(started, "//previousState/name"), ElementsAre("stopped", "running"));
  EXPECT_THAT(texts(started, "//currentState/name"), ElementsAre("pending", "running"));
  const pugi::xml_node stopped = cloud.call("ec2", "StopInstances", "InstanceId.1=" + cloud.id("dev-app-1"));
  EXPECT_THAT(texts(stopped, "//currentState/name"), ElementsAre("stopping"));
  EXPECT_THAT(texts(stopped, "//currentState/code"), ElementsAre("64"));
}

TEST(StartAndStop, RefuseWrongStatesAsAWhole) {
  TestCloud cloud(dev_servers());
  cloud.call("ec2", "StopInstances", "InstanceId.1=" + cloud.id("dev-app-1"));
  const std::string both =
      fmt::format("InstanceId.1={}&InstanceId.2={}", cloud.id("dev-db-1"), cloud.id("dev-app-1"));
  EXPECT_EQ(cloud.error("ec2", "StartInstances", both), "IncorrectInstanceState");
  EXPECT_EQ(cloud.state("dev-db-1"), "stopped");
  cloud.call("ec2", "StartInstances", "InstanceId.1=" + cloud.id("dev-db-1"));
  EXPECT_EQ(cloud.error("ec2", "StopInstances", both), "IncorrectInstanceState")
      << "pending can't be stopped";
  EXPECT_EQ(cloud.error("ec2", "StartInstances"), "MissingParameter");
  EXPECT_EQ(cloud.error("ec2", "StopInstances", "InstanceId.1=i-0123456789abcdef0"),
            "InvalidInstanceID.NotFound");
}

TEST(StartAndStop, ADryRunChangesNothing) {
  TestCloud cloud(dev_servers());
  EXPECT_EQ(cloud.error("ec2", "StartInstances", "DryRun=true&InstanceId.1=" + cloud.id("dev-db-1")),
            "DryRunOperation");
  EXPECT_EQ(cloud.state("dev-db-1"), "stopped");
}

/// What EC2 answers where `fault` meets dev-app-1, which runs, and another server beside it.
std::string refusal(std::string_view fault, std::string_view action, std::string& message) {
  CloudSpec spec = dev_servers();
  spec.servers.push_back(a_server("beside", action == "StopInstances" ? "running" : "stopped"));
  spec.faults = {a_fault(fault)};
  TestCloud cloud(spec);
  const std::string both = fmt::format("InstanceId.1={}&InstanceId.2={}", cloud.id("beside"),
                                       cloud.id(fault.substr(fault.find(':') + 1)));
  const std::string code = cloud.error("ec2", action, both);
  message = cloud.document.document_element().child("Errors").child("Error").child_value("Message");
  EXPECT_EQ(cloud.state("beside"), action == "StopInstances" ? "running" : "stopped") << "all or none";
  const std::string id = cloud.id(fault.substr(fault.find(':') + 1));
  if (const auto at = message.find(id); at != std::string::npos) message.replace(at, id.size(), "ID");
  EXPECT_EQ(cloud.error("ec2", action, "InstanceId.1=" + cloud.id("beside")), "");
  return code;
}

TEST(StartAndStop, SayWhatIsWrongWithOneOfThem) {
  std::string message;
  EXPECT_EQ(refusal("protected:dev-app-1", "StopInstances", message), "OperationNotPermitted");
  EXPECT_EQ(
      message,
      "The instance 'ID' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.");
  EXPECT_EQ(refusal("one-time-spot:dev-app-1", "StopInstances", message), "UnsupportedOperation");
  EXPECT_THAT(message, testing::HasSubstr("the Spot Instance 'ID' because"));
  EXPECT_EQ(refusal("instance-store:dev-app-1", "StopInstances", message), "UnsupportedOperation");
  EXPECT_EQ(message, "The instance 'ID' does not have an 'ebs' root device type and cannot be stopped.");
  EXPECT_EQ(refusal("denied:dev-app-1", "StopInstances", message), "UnauthorizedOperation");
  EXPECT_THAT(message, testing::HasSubstr("ec2:StopInstances on resource: arn:aws:ec2:us-east-1:123456789012:"
                                          "instance/ID with an explicit deny"));
  EXPECT_EQ(refusal("denied:dev-db-1", "StartInstances", message), "UnauthorizedOperation");
  EXPECT_EQ(refusal("no-host:dev-db-1", "StartInstances", message), "InsufficientHostCapacity");
  EXPECT_EQ(refusal("gone:dev-db-1", "StartInstances", message), "InvalidInstanceID.NotFound");
}

TEST(StartAndStop, WhatCannotBeStoppedShowsWhy) {
  CloudSpec spec = dev_servers();
  spec.faults = {a_fault("instance-store:dev-db-1"), a_fault("one-time-spot:dev-app-1")};
  TestCloud cloud(spec);
  EXPECT_THAT(found(cloud, "Filter.1.Name=root-device-type&Filter.1.Value.1=instance-store"),
              ElementsAre("dev-db-1"));
  EXPECT_THAT(found(cloud, "Filter.1.Name=instance-lifecycle&Filter.1.Value.1=spot"),
              ElementsAre("dev-app-1"));
}

TEST(Gone, FailsEveryCallThatNamesItAndNoListWithFilters) {
  CloudSpec spec = dev_servers();
  spec.faults = {a_fault("gone:dev-app-1*1")};
  TestCloud cloud(spec);
  const std::string ids =
      fmt::format("InstanceId.1={}&InstanceId.2={}", cloud.id("dev-db-1"), cloud.id("dev-app-1"));
  EXPECT_THAT(found(cloud, "Filter.1.Name=instance-id&Filter.1.Value.1=" + cloud.id("dev-app-1")),
              ElementsAre("dev-app-1"));
  EXPECT_EQ(cloud.error("ec2", "DescribeInstanceStatus", ids), "InvalidInstanceID.NotFound");
  EXPECT_EQ(cloud.error("ec2", "DescribeInstanceStatus", ids), "") << "once";
}

TEST(DescribeInstanceStatus, SaysThatAnAttachedVolumeIsImpaired) {
  CloudSpec spec = dev_servers();
  spec.faults = {a_fault("impaired-volume:dev-app-1"), a_fault("impaired-volume:dev-db-1")};
  TestCloud cloud(spec);
  const auto statuses = [&](const char* path) {
    return texts(cloud.call("ec2", "DescribeInstanceStatus"), path);
  };
  EXPECT_THAT(statuses("//attachedEbsStatus/status"), ElementsAre("impaired"));
  EXPECT_THAT(statuses("//instanceStatus/status"), ElementsAre("ok"));
  cloud.call("ec2", "StartInstances", "InstanceId.1=" + cloud.id("dev-db-1"));
  cloud.pass(minutes(10));
  EXPECT_THAT(statuses("//attachedEbsStatus/details/item/status"), ElementsAre("failed", "failed"));
}

TEST(Tags, AreMadeFoundAndDeleted) {
  TestCloud cloud(dev_servers());
  const std::string id = cloud.id("dev-db-1");
  EXPECT_EQ(cloud.error("ec2", "CreateTags",
                        fmt::format("ResourceId.1={}&Tag.1.Key=Owner&Tag.1.Value=%C3%A9ve+%26+co", id)),
            "");
  EXPECT_THAT(texts(cloud.call("ec2", "DescribeTags", "Filter.1.Name=key&Filter.1.Value.1=Owner"), "//value"),
              ElementsAre("éve & co"));
  EXPECT_EQ(
      cloud.error("ec2", "DeleteTags", fmt::format("ResourceId.1={}&Tag.1.Key=Owner&Tag.1.Value=other", id)),
      "");
  EXPECT_THAT(found(cloud, "Filter.1.Name=tag-key&Filter.1.Value.1=Owner"), ElementsAre("dev-db-1"));
  EXPECT_EQ(cloud.error("ec2", "DeleteTags", fmt::format("ResourceId.1={}&Tag.1.Key=Owner", id)), "");
  EXPECT_THAT(found(cloud, "Filter.1.Name=tag-key&Filter.1.Value.1=Owner"), IsEmpty());
  std::string many = "ResourceId.1=" + id;
  for (int i = 1; i <= 51; ++i) many += fmt::format("&Tag.{}.Key=k{}&Tag.{}.Value=v", i, i, i);
  EXPECT_EQ(cloud.error("ec2", "CreateTags", many), "TagLimitExceeded");
}

}  // namespace
}  // namespace lamplighter::simcloud
