#include "simcloud/cloud.h"

#include <gmock/gmock.h>

#include "simcloud/transport.h"
#include "tests/support/test_cloud.h"

namespace lamplighter::simcloud {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

CloudSpec two_servers() {
  CloudSpec spec;
  spec.servers = {a_server("test1"), a_server("test2", "running")};
  spec.topics = {"mailme"};
  return spec;
}

CloudSpec with_fault(std::string_view fault) {
  CloudSpec spec = two_servers();
  spec.faults = {a_fault(fault)};
  return spec;
}

std::string start(TestCloud& cloud, std::string_view name) {
  return cloud.error("ec2", "StartInstances", "InstanceId.1=" + cloud.id(name));
}

TEST(Cloud, TheScopeDecidesServiceAndRegion) {
  CloudSpec spec = two_servers();
  spec.servers.push_back(a_server("far", "stopped", "eu-west-1"));
  TestCloud cloud(spec);
  EXPECT_THAT(texts(cloud.call("ec2", "DescribeInstances"), "//tagSet/item/value"),
              ElementsAre("test1", "test2"));
  EXPECT_THAT(texts(cloud.call("ec2", "DescribeInstances", "", "eu-west-1"), "//tagSet/item/value"),
              ElementsAre("far"));
  EXPECT_EQ(cloud.error("ec2", "StartInstances", "InstanceId.1=" + cloud.id("far")),
            "InvalidInstanceID.NotFound");
}

TEST(Cloud, AnUnsignedCallInTheProcessIsKnownByItsSigning) {
  Cloud cloud(two_servers());
  http::OutgoingRequest request;
  request.url = "https://sns.eu-west-1.amazonaws.com/";
  request.body = "Action=ListTopics&Version=2010-03-31";
  request.signing = http::Signing{"eu-west-1", "sns", {}};
  EXPECT_THAT(cloud.handle(request, Time{})->body, HasSubstr("arn:aws:sns:eu-west-1:123456789012:mailme"));
  request.signing.reset();
  EXPECT_THAT(cloud.handle(request, Time{})->body, HasSubstr("arn:aws:sns:us-east-1:123456789012:mailme"))
      << "by its version";
}

TEST(Cloud, RefusesUnknownActionsAndServices) {
  TestCloud cloud(two_servers());
  EXPECT_EQ(cloud.error("ec2", "LaunchRockets"), "InvalidAction");
  EXPECT_EQ(cloud.error("monitoring", "LaunchRockets"), "InvalidAction");
  EXPECT_EQ(cloud.error("lambda", "Invoke"), "UnknownService");
  EXPECT_EQ(cloud.error("ec2", ""), "MissingAction");
}

TEST(Cloud, HoldsTheRatesOfAws) {
  TestCloud cloud(two_servers());
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(cloud.error("ec2", "StartInstances", "DryRun=true&InstanceId.1=" + cloud.id("test2")),
              "DryRunOperation");
  EXPECT_EQ(start(cloud, "test2"), "RequestLimitExceeded");
  EXPECT_EQ(cloud.status, 503);
  cloud.pass(seconds(1));
  EXPECT_EQ(start(cloud, "test2"), "");
  for (int i = 0; i < 9; ++i) EXPECT_EQ(cloud.error("monitoring", "DescribeAlarms"), "");
  EXPECT_EQ(cloud.error("monitoring", "DescribeAlarms"), "Throttling");
  EXPECT_EQ(cloud.status, 400);
}

TEST(Cloud, CapacityFaultRefusesTheWholeBatch) {
  CloudSpec spec = with_fault("capacity:test1*2");
  spec.servers.push_back(a_server("test3"));
  TestCloud cloud(spec);
  const std::string both =
      fmt::format("InstanceId.1={}&InstanceId.2={}", cloud.id("test1"), cloud.id("test3"));
  EXPECT_EQ(cloud.error("ec2", "StartInstances", both), "InsufficientInstanceCapacity");
  EXPECT_EQ(cloud.status, 500);
  EXPECT_EQ(cloud.state("test3"), "stopped");
  EXPECT_EQ(start(cloud, "test3"), "");
  EXPECT_EQ(start(cloud, "test1"), "InsufficientInstanceCapacity");
  EXPECT_EQ(start(cloud, "test1"), "") << "the fault was for two times";
}

TEST(Cloud, RelapseFaultStopsAgain) {
  TestCloud cloud(with_fault("relapse:test1*1"));
  EXPECT_EQ(start(cloud, "test1"), "");
  EXPECT_EQ(cloud.state("test1"), "pending");
  cloud.pass(minutes(1));
  EXPECT_EQ(cloud.state("test1"), "stopped");
  EXPECT_EQ(
      texts(cloud.call("ec2", "DescribeInstances", "InstanceId.1=" + cloud.id("test1")), "//stateReason/code")
          .size(),
      1U);
  EXPECT_EQ(start(cloud, "test1"), "");
  cloud.pass(minutes(1));
  EXPECT_EQ(cloud.state("test1"), "running");
}

TEST(Cloud, ImpairedFaultAlsoMeetsServersThatRunAlready) {
  TestCloud cloud(with_fault("impaired:test2"));
  EXPECT_EQ(cloud.truth("test2", "instance_status"), "impaired");
}

TEST(Cloud, StuckFaultHoldsAStopToo) {
  TestCloud cloud(with_fault("stuck:test2"));
  EXPECT_EQ(cloud.error("ec2", "StopInstances", "InstanceId.1=" + cloud.id("test2")), "");
  cloud.pass(minutes(600));
  EXPECT_EQ(cloud.state("test2"), "stopping");
  EXPECT_EQ(cloud.error("ec2", "StopInstances", "Force=true&InstanceId.1=" + cloud.id("test2")), "");
  cloud.pass(minutes(2));
  EXPECT_EQ(cloud.state("test2"), "stopped");
}

TEST(Cloud, MissingFaultHidesForEverOrForSomeLooks) {
  TestCloud gone(with_fault("missing:test1"));
  EXPECT_EQ(gone.id("test1"), "");
  TestCloud late(with_fault("missing:test1*2"));
  for (const std::size_t expected : {0U, 0U, 1U}) {
    EXPECT_EQ(texts(late.call("ec2", "DescribeInstances", "Filter.1.Name=tag:Name&Filter.1.Value.1=test1"),
                    "//instanceId")
                  .size(),
              expected);
  }
}

TEST(Cloud, CallFaultsStrikeAsOftenAsAsked) {
  TestCloud throttled(with_fault("throttle:1*2"));
  EXPECT_EQ(throttled.error("ec2", "DescribeInstances"), "RequestLimitExceeded");
  EXPECT_EQ(throttled.error("sns", "ListTopics"), "Throttling");
  EXPECT_EQ(throttled.error("ec2", "DescribeInstances"), "");
  TestCloud broken(with_fault("error:1*1"));
  EXPECT_EQ(broken.error("ec2", "DescribeInstances"), "InternalError");
  EXPECT_EQ(broken.status, 500);
  TestCloud half(with_fault("error:0.5"));
  int errors = 0;
  for (int i = 0; i < 100; ++i) errors += half.error("ec2", "DescribeInstances") == "InternalError" ? 1 : 0;
  EXPECT_GT(errors, 25);
  EXPECT_LT(errors, 75);
}

TEST(Cloud, AResetMayHappenBeforeOrAfterTheFact) {
  bool before = false;
  bool after = false;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CloudSpec spec = with_fault("reset:1*1");
    spec.seed = seed;
    TestCloud cloud(spec);
    start(cloud, "test1");
    EXPECT_EQ(cloud.status, 0);
    (cloud.state("test1") == "pending" ? after : before) = true;
  }
  EXPECT_TRUE(before && after);
}

TEST(Cloud, IsDeterministic) {
  const auto transcript = [](std::uint64_t seed) {
    CloudSpec spec = with_fault("error:0.3");
    spec.seed = seed;
    TestCloud cloud(spec);
    std::string text;
    for (int i = 0; i < 50; ++i) {
      if (i == 10) cloud.raw("ec2", "StartInstances", "InstanceId.1=" + cloud.id("test1"));
      text += cloud.raw("ec2", "DescribeInstances", "")->body;
      cloud.pass(seconds(3));
    }
    return text;
  };
  EXPECT_EQ(transcript(7), transcript(7));
  EXPECT_NE(transcript(7), transcript(8));
}

TEST(Cloud, AnotherServersFaultChangesNothingForThisOne) {
  TestCloud calm(two_servers());
  CloudSpec spec = with_fault("relapse:test0");
  spec.servers.insert(spec.servers.begin(), a_server("test0"));
  TestCloud wild(spec);
  start(wild, "test0");
  wild.pass(seconds(50));
  start(calm, "test1");
  start(wild, "test1");
  EXPECT_EQ(calm.id("test1"), wild.id("test1"));
  const auto start_ms = [](TestCloud& cloud) {
    for (const json::value& server : cloud.cloud.servers(cloud.now)) {
      if (get_string(server, "name") == "test1") return get_int(server, "start_ms");
    }
    return std::int64_t{0};
  };
  EXPECT_EQ(start_ms(calm), start_ms(wild));
}

TEST(Cloud, TimeThatRunsBackwardsStandsStill) {
  TestCloud cloud(two_servers());
  start(cloud, "test1");
  cloud.pass(minutes(1));
  EXPECT_EQ(cloud.state("test1"), "running");
  cloud.now -= minutes(1);
  EXPECT_EQ(cloud.state("test1"), "running");
}

TEST(Cloud, ShowsWhatAwsHidesUnderAPathOfItsOwn) {
  TestCloud cloud(two_servers());
  const auto get = [&](std::string_view path) {
    http::OutgoingRequest request;
    request.method = "GET";
    request.url = path;
    return *cloud.cloud.handle(request, cloud.now);
  };
  EXPECT_EQ(parse_json(get("/_lamplighter/servers").body)->as_array().size(), 2U);
  EXPECT_EQ(parse_json(get("http://127.0.0.1:1/_lamplighter/outbox?x").body)->as_array().size(), 0U);
  EXPECT_GE(parse_json(get("/_lamplighter/alarms").body)->as_array().size(), 2U);
  EXPECT_EQ(get("/_lamplighter/secrets").status, 404);
}

TEST(Cloud, HostileRequestsAreRefused) {
  TestCloud cloud(two_servers());
  EXPECT_EQ(cloud.raw("ec2", "DescribeInstances", std::string(3 << 20, 'x'))->status, 413);
  std::string many;
  for (int i = 0; i < 11'000; ++i) many += fmt::format("p{}=1&", i);
  EXPECT_EQ(cloud.error("ec2", "DescribeInstances", many), "MalformedQueryString");
  const std::string odd[] = {"%",
                             "%zz=%1",
                             "Filter.99999999999999999999.Name=a",
                             "Filter.1.Name=tag:Name&Filter.1.Value.1=" + std::string(50'000, '*'),
                             "InstanceId.1=i-%00%01",
                             "MaxResults=99999999999999999999",
                             "NextToken=page-from-18446744073709551615",
                             "=&&&==="};
  for (const std::string& parameters : odd)
    EXPECT_NE(cloud.raw("ec2", "DescribeInstances", parameters)->status, 0) << parameters.substr(0, 60);
  EXPECT_EQ(cloud.raw("ec2", "DescribeInstances", "", "x/../../y")->status / 100, 4);
}

TEST(Transport, TakesTimeAndSaysResets) {
  Cloud cloud(with_fault("reset:1*1"));
  ManualClock clock{Time{seconds(1'800'000'000)}};
  Transport transport(cloud, clock, 5);
  http::OutgoingRequest request;
  request.url = "https://ec2.us-east-1.amazonaws.com/";
  request.body = "Action=DescribeInstances&Version=2016-11-15";
  request.signing = http::Signing{"us-east-1", "ec2", {}};
  EXPECT_EQ(transport.send(request).error().code, "ConnectionError");
  const Time before = clock.now();
  EXPECT_EQ(transport.send(request)->status, 200);
  EXPECT_GE(clock.now() - before, Duration(20));
  EXPECT_LE(clock.now() - before, Duration(200));
}

}  // namespace
}  // namespace lamplighter::simcloud
