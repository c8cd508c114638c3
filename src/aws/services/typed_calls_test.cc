// EC2, CloudWatch, SNS and STS: what is asked, and what is read from the answers.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/services/cloudwatch.h"
#include "aws/services/ec2.h"
#include "aws/services/sns.h"
#include "aws/services/sts.h"
#include "aws/services/tagging.h"

namespace lamplighter::aws {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::SizeIs;

/// Answers by a script and keeps what was asked.
class FakeCaller final : public Caller {
 public:
  struct Call {
    Target target;
    std::string name;
    Parameters parameters;
  };
  std::vector<Call> calls;
  std::vector<std::string> answers;

  Result<std::string> call(const Target& target, std::string_view service, std::string_view action,
                           const Parameters& parameters) override {
    calls.push_back({target, fmt::format("{}:{}", service, action), parameters});
    if (calls.size() <= answers.size()) return answers[calls.size() - 1];
    return std::string("<Response/>");
  }
  [[nodiscard]] CallCounts counts() const override { return {}; }
};

std::string parameter(const FakeCaller::Call& call, const std::string& name) {
  for (const auto& [key, value] : call.parameters) {
    if (key == name) return value;
  }
  return "";
}

std::vector<std::string> numbered(const std::string& prefix, int count) {
  std::vector<std::string> out;
  for (int i = 0; i < count; ++i) out.push_back(prefix + std::to_string(i));
  return out;
}

std::string instances_xml(const std::string& items, const std::string& next_token) {
  return "<DescribeInstancesResponse "
         "xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><reservationSet><item>"
         "<instancesSet>" +
         items + "</instancesSet></item></reservationSet><nextToken>" + next_token +
         "</nextToken></DescribeInstancesResponse>";
}

/// DescribeInstanceStatus of running instances, one of which is gone in between: EC2 refuses the whole call.
class WithoutSome final : public Caller {
 public:
  explicit WithoutSome(std::vector<std::string> gone, bool names_them)
      : gone_(std::move(gone)), names_them_(names_them) {}
  int calls = 0;

  Result<std::string> call(const Target&, std::string_view, std::string_view,
                           const Parameters& parameters) override {
    ++calls;
    std::string items;
    for (const auto& [key, id] : parameters) {
      if (std::find(gone_.begin(), gone_.end(), id) != gone_.end()) {
        return fail(ErrorKind::aws, "InvalidInstanceID.NotFound",
                    names_them_ ? fmt::format("The instance IDs '{}' do not exist", fmt::join(gone_, ", "))
                                : "no such instance");
      }
      items += fmt::format("<item><instanceId>{}</instanceId></item>", id);
    }
    return "<R><instanceStatusSet>" + items + "</instanceStatusSet></R>";
  }
  [[nodiscard]] CallCounts counts() const override { return {}; }

 private:
  std::vector<std::string> gone_;
  bool names_them_;
};

TEST(Ec2, StatusChecksOfTheOthersDoNotFailForIdsThatAreGone) {
  for (const bool names_them : {true, false}) {
    WithoutSome caller({"i-3", "i-40"}, names_them);
    const auto statuses = Ec2(caller, {}).describe_instance_status(numbered("i-", 60));
    ASSERT_TRUE(statuses);
    EXPECT_THAT(*statuses, SizeIs(58));
    EXPECT_LE(caller.calls, names_them ? 2 : 25);
  }
  WithoutSome all(numbered("i-", 4), true);
  EXPECT_THAT(Ec2(all, {}).describe_instance_status(numbered("i-", 4)).value(), SizeIs(0));
}

TEST(Ec2, ReadsInstancesAcrossPages) {
  FakeCaller caller;
  caller.answers = {
      instances_xml("<item><instanceId>i-1</instanceId><instanceState><code>80</code><name>stopped</name>"
                    "</instanceState><reason>Server.X (2026)</reason><stateReason><code>Server.X</code>"
                    "<message>Broken &amp; "
                    "gone</message></stateReason><launchTime>2026-11-24T06:00:00.000Z</launchTime>"
                    "<instanceLifecycle>spot</instanceLifecycle><rootDeviceType>ebs</"
                    "rootDeviceType><tagSet><item><key>Name</key>"
                    "<value>test1</value></item></tagSet></item>",
                    "page2"),
      instances_xml(
          "<item><instanceId>i-2</instanceId><instanceState><name>running</name></instanceState></item>"
          "<item><instanceId>i-1</instanceId></item>",
          "")};
  const auto instances =
      Ec2(caller, {"eu-west-1", "role"}).describe_instances({{"tag:Name", {"test1", "b c"}}});
  ASSERT_TRUE(instances);
  ASSERT_THAT(*instances, SizeIs(2));
  EXPECT_EQ((*instances)[0].name(), "test1");
  EXPECT_EQ((*instances)[0].state, "stopped");
  EXPECT_EQ((*instances)[0].state_reason_code, "Server.X");
  EXPECT_EQ((*instances)[0].state_reason_message, "Broken & gone");
  EXPECT_EQ((*instances)[0].transition_reason, "Server.X (2026)");
  EXPECT_EQ((*instances)[0].launch_time, "2026-11-24T06:00:00.000Z");
  EXPECT_EQ((*instances)[0].lifecycle, "spot");
  EXPECT_EQ((*instances)[0].root_device_type, "ebs");
  EXPECT_EQ((*instances)[1].lifecycle, "") << "on demand";
  EXPECT_EQ((*instances)[1].name(), "");
  ASSERT_THAT(caller.calls, SizeIs(2));
  EXPECT_EQ(caller.calls[0].target.role_arn, "role");
  EXPECT_THAT(caller.calls[0].parameters,
              ElementsAre(Pair("Filter.1.Name", "tag:Name"), Pair("Filter.1.Value.1", "test1"),
                          Pair("Filter.1.Value.2", "b c"), Pair("MaxResults", "1000")));
  EXPECT_EQ(parameter(caller.calls[1], "NextToken"), "page2");
}

TEST(Ec2, KeepsFilterValuesUnderTwoHundred) {
  FakeCaller caller;
  const std::vector<Filter> filters{{"instance-state-name", {"running", "stopped"}},
                                    {"tag:Name", numbered("s", 397)}};
  ASSERT_TRUE(Ec2(caller, {}).describe_instances(filters));
  ASSERT_THAT(caller.calls, SizeIs(3));
  std::size_t names = 0;
  for (const auto& call : caller.calls) {
    const auto values = std::count_if(call.parameters.begin(), call.parameters.end(), [](const auto& entry) {
      return entry.first.find(".Value.") != std::string::npos;
    });
    EXPECT_LE(values, 200);
    EXPECT_EQ(parameter(call, "Filter.1.Value.2"), "stopped");
    names += static_cast<std::size_t>(values) - 2;
  }
  EXPECT_EQ(names, 397U);
}

TEST(Ec2, NoValuesMeansNoInstancesAndNoCall) {
  FakeCaller caller;
  const auto instances = Ec2(caller, {}).describe_instances({{"tag:Name", {}}});
  ASSERT_TRUE(instances);
  EXPECT_THAT(*instances, SizeIs(0));
  EXPECT_TRUE(Ec2(caller, {}).describe_instance_status({}));
  EXPECT_TRUE(Ec2(caller, {}).stop_instances({}));
  EXPECT_THAT(caller.calls, SizeIs(0));
}

TEST(Ec2, AnEndlessListIsAnError) {
  FakeCaller caller;
  caller.answers.assign(3, instances_xml("", "same"));
  const auto instances = Ec2(caller, {}).describe_instances({});
  ASSERT_FALSE(instances);
  EXPECT_EQ(instances.error().code, "InvalidResponse");
}

/// Answers every call with a page of its own making.
struct EndlessCaller final : Caller {
  std::function<std::string(int page)> page;
  int pages = 0;
  Result<std::string> call(const Target&, std::string_view, std::string_view, const Parameters&) override {
    return page(++pages);
  }
  [[nodiscard]] CallCounts counts() const override { return {}; }
};

TEST(Ec2, TokensThatLeadInACircleAreAnError) {
  EndlessCaller caller;
  caller.page = [](int page) { return instances_xml("", page % 2 == 0 ? "even" : "odd"); };
  EXPECT_EQ(Ec2(caller, {}).describe_instances({}).error().code, "InvalidResponse");
  EXPECT_EQ(caller.pages, 3);
}

TEST(CloudWatch, EverNewTokensAreAnErrorBeforeTheyFillTheMemory) {
  EndlessCaller caller;
  const std::string name(500'000, 'x');
  caller.page = [&](int page) {
    return fmt::format(
        "<R><DescribeAlarmsResult><MetricAlarms><member><AlarmName>{}{}</AlarmName></member></MetricAlarms>"
        "<NextToken>{}</NextToken></DescribeAlarmsResult></R>",
        page, name, page);
  };
  const auto alarms = CloudWatch(caller, {}).describe_alarms();
  ASSERT_FALSE(alarms);
  EXPECT_EQ(alarms.error().code, "InvalidResponse");
  EXPECT_LT(caller.pages, 60);  // 30 MB
  caller.pages = 0;
  caller.page = [](int page) {
    return fmt::format("<R><DescribeAlarmsResult><NextToken>{}</NextToken></DescribeAlarmsResult></R>", page);
  };
  EXPECT_EQ(CloudWatch(caller, {}).describe_alarms().error().code, "InvalidResponse");
  EXPECT_EQ(caller.pages, 1'000);
}

TEST(Ec2, StatusChecksAHundredAtATime) {
  FakeCaller caller;
  caller.answers = {
      "<R><instanceStatusSet><item><instanceId>i-1</instanceId><systemStatus><status>ok</status></"
      "systemStatus>"
      "<instanceStatus><status>initializing</status></instanceStatus></item></instanceStatusSet></R>"};
  const auto statuses = Ec2(caller, {}).describe_instance_status(numbered("i-", 250));
  ASSERT_TRUE(statuses);
  ASSERT_THAT(*statuses, SizeIs(1));
  EXPECT_EQ((*statuses)[0].instance_status, "initializing");
  EXPECT_EQ((*statuses)[0].system_status, "ok");
  ASSERT_THAT(caller.calls, SizeIs(3));
  EXPECT_THAT(caller.calls[0].parameters, SizeIs(100));
  EXPECT_THAT(caller.calls[2].parameters, SizeIs(50));
}

TEST(Ec2, StartsAllInOneCall) {
  FakeCaller caller;
  ASSERT_TRUE(Ec2(caller, {}).start_instances(numbered("i-", 150)));
  ASSERT_THAT(caller.calls, SizeIs(1));
  EXPECT_EQ(caller.calls[0].name, "ec2:StartInstances");
  EXPECT_EQ(parameter(caller.calls[0], "InstanceId.150"), "i-149");
}

TEST(CloudWatch, ReadsDimensionsOfSimpleAndMathAlarms) {
  FakeCaller caller;
  caller.answers = {
      "<DescribeAlarmsResponse><DescribeAlarmsResult><MetricAlarms><member><AlarmName>a</AlarmName>"
      "<AlarmArn>arn:a</AlarmArn><ActionsEnabled>true</ActionsEnabled><Dimensions><member><Name>InstanceId</"
      "Name>"
      "<Value>i-1</Value></member></Dimensions></member></MetricAlarms><NextToken>n</NextToken>"
      "</DescribeAlarmsResult></DescribeAlarmsResponse>",
      "<DescribeAlarmsResponse><DescribeAlarmsResult><MetricAlarms><member><AlarmName>b</AlarmName>"
      "<ActionsEnabled>false</ActionsEnabled><Metrics><member><MetricStat><Metric><Dimensions><member>"
      "<Name>InstanceId</Name><Value>i-2</Value></member></Dimensions></Metric></MetricStat></member>"
      "<member><MetricStat><Metric><Dimensions><member><Name>InstanceId</Name><Value>i-3</Value></member>"
      "</Dimensions></Metric></MetricStat></member></Metrics>"
      "</member></MetricAlarms></DescribeAlarmsResult></DescribeAlarmsResponse>"};
  const auto alarms = CloudWatch(caller, {}).describe_alarms();
  ASSERT_TRUE(alarms);
  ASSERT_THAT(*alarms, SizeIs(2));
  EXPECT_TRUE((*alarms)[0].actions_enabled);
  EXPECT_EQ((*alarms)[0].dimensions.find("InstanceId")->second, "i-1");
  EXPECT_FALSE((*alarms)[1].actions_enabled);
  EXPECT_EQ((*alarms)[1].dimensions,
            (std::multimap<std::string, std::string>{{"InstanceId", "i-2"}, {"InstanceId", "i-3"}}));
}

std::string composite_xml(const std::string& name, const std::string& next_token) {
  return fmt::format(
      "<R><DescribeAlarmsResult><CompositeAlarms><member><AlarmName>{}</AlarmName><ActionsEnabled>true"
      "</ActionsEnabled><StateValue>ALARM</StateValue><AlarmRule>ALARM(a) AND ALARM(b)</AlarmRule></member>"
      "</CompositeAlarms><NextToken>{}</NextToken></DescribeAlarmsResult></R>",
      name, next_token);
}

TEST(CloudWatch, CompositeAlarmsAreAskedForAndKept) {
  FakeCaller caller;
  caller.answers = {composite_xml("both", "")};
  const auto alarms = CloudWatch(caller, {}).describe_alarms();
  ASSERT_TRUE(alarms);
  ASSERT_THAT(*alarms, SizeIs(1));
  EXPECT_EQ((*alarms)[0].rule, "ALARM(a) AND ALARM(b)");
  EXPECT_EQ((*alarms)[0].state, "ALARM");
  EXPECT_EQ(parameter(caller.calls[0], "AlarmTypes.member.2"), "CompositeAlarm");
}

TEST(CloudWatch, AThrottledPageIsGoneOnWithAtThatPage) {
  struct ThrottlesOnce final : Caller {
    std::vector<std::string> tokens;
    Result<std::string> call(const Target&, std::string_view, std::string_view,
                             const Parameters& parameters) override {
      tokens.push_back(parameters.back().first == "NextToken" ? parameters.back().second : "");
      if (tokens.size() == 2) return fail(ErrorKind::aws, "Throttling", "Rate exceeded");
      return composite_xml(fmt::format("c{}", tokens.size()), tokens.size() == 1 ? "second" : "");
    }
    [[nodiscard]] CallCounts counts() const override { return {}; }
  } caller;
  CloudWatch cloudwatch(caller, {});
  AlarmListing listing;
  EXPECT_EQ(cloudwatch.list_alarms(listing).error().code, "Throttling");
  EXPECT_FALSE(listing.complete);
  ASSERT_TRUE(cloudwatch.list_alarms(listing));
  EXPECT_TRUE(listing.complete);
  EXPECT_THAT(caller.tokens, ElementsAre("", "second", "second"));
  ASSERT_THAT(listing.alarms, SizeIs(2));
  EXPECT_EQ(listing.alarms[0].name, "c1");
}

/// Answers JSON by a script and keeps what was asked.
struct JsonCaller final : Caller {
  std::vector<std::string> calls;
  std::vector<std::string> answers;
  Result<std::string> call(const Target&, std::string_view, std::string_view, const Parameters&) override {
    return fail(ErrorKind::internal, "Unexpected", "");
  }
  Result<std::string> call_json(const Target&, std::string_view service, std::string_view action,
                                const json::object& body) override {
    calls.push_back(fmt::format("{}:{} {}", service, action, json_text(body)));
    return answers.at(calls.size() - 1);
  }
  [[nodiscard]] CallCounts counts() const override { return {}; }
};

TEST(Tagging, EachResourceFailsForItself) {
  JsonCaller caller;
  caller.answers = {
      R"({"FailedResourcesMap": {"arn:b": {"StatusCode": 403, "ErrorCode": "AccessDeniedException", "ErrorMessage": "no"}}})"};
  const auto failed = Tagging(caller, {}).tag({"arn:a", "arn:b"}, {{"k", "v"}});
  ASSERT_TRUE(failed);
  ASSERT_THAT(*failed, SizeIs(1));
  EXPECT_EQ(failed->at("arn:b").code, "AccessDeniedException");
  EXPECT_THAT(caller.calls, ElementsAre("resource_groups_tagging_api:TagResources "
                                        R"({"ResourceARNList":["arn:a","arn:b"],"Tags":{"k":"v"}})"));
}

TEST(Tagging, ListsAllPagesAndRefusesAnEndlessList) {
  JsonCaller caller;
  caller.answers = {
      R"({"PaginationToken": "2", "ResourceTagMappingList": [{"ResourceARN": "arn:a", "Tags": [{"Key": "k", "Value": "v"}]}]})",
      R"({"PaginationToken": "", "ResourceTagMappingList": [{"ResourceARN": "arn:b", "Tags": []}]})"};
  TaggedListing listing;
  ASSERT_TRUE(Tagging(caller, {}).list("cloudwatch:alarm", "k", listing));
  ASSERT_THAT(listing.resources, SizeIs(2));
  EXPECT_EQ(listing.resources[0].tags.at("k"), "v");
  EXPECT_THAT(caller.calls[1], ::testing::HasSubstr(R"("PaginationToken":"2")"));
  JsonCaller endless;
  endless.answers.assign(5, R"({"PaginationToken": "again"})");
  TaggedListing other;
  EXPECT_EQ(Tagging(endless, {}).list("cloudwatch:alarm", "k", other).error().code, "InvalidResponse");
  JsonCaller odd;
  odd.answers = {"<html>"};
  EXPECT_EQ(Tagging(odd, {}).tag({"arn:a"}, {}).error().code, "InvalidResponse");
}

TEST(CloudWatch, SwitchesAHundredAlarmsACall) {
  FakeCaller caller;
  ASSERT_TRUE(CloudWatch(caller, {}).disable_alarm_actions(numbered("a", 101)));
  ASSERT_TRUE(CloudWatch(caller, {}).enable_alarm_actions({}));
  ASSERT_THAT(caller.calls, SizeIs(2));
  EXPECT_EQ(caller.calls[1].name, "cloudwatch:DisableAlarmActions");
  EXPECT_THAT(caller.calls[1].parameters, ElementsAre(Pair("AlarmNames.member.1", "a100")));
}

TEST(CloudWatch, Tags) {
  FakeCaller caller;
  caller.answers = {
      "<R><ListTagsForResourceResult><Tags><member><Key>k</Key><Value>v</Value></member></Tags>"
      "</ListTagsForResourceResult></R>"};
  CloudWatch cloudwatch(caller, {});
  EXPECT_THAT(*cloudwatch.list_tags("arn:x"), ElementsAre(Pair("k", "v")));
  ASSERT_TRUE(cloudwatch.tag("arn:x", {{"a", "1"}, {"b", "2"}}));
  ASSERT_TRUE(cloudwatch.untag("arn:x", {"a"}));
  EXPECT_THAT(caller.calls[1].parameters,
              ElementsAre(Pair("ResourceARN", "arn:x"), Pair("Tags.member.1.Key", "a"),
                          Pair("Tags.member.1.Value", "1"), Pair("Tags.member.2.Key", "b"),
                          Pair("Tags.member.2.Value", "2")));
  EXPECT_THAT(caller.calls[2].parameters, Contains(Pair("TagKeys.member.1", "a")));
}

std::string topics_xml(const std::string& arn, const std::string& next) {
  return "<R><ListTopicsResult><Topics><member><TopicArn>" + arn +
         "</TopicArn></member></Topics><NextToken>" + next + "</NextToken></ListTopicsResult></R>";
}

TEST(Sns, FindsATopicOnALaterPage) {
  FakeCaller caller;
  caller.answers = {topics_xml("arn:aws:sns:eu-west-1:1:notmailme", "2"),
                    topics_xml("arn:aws:sns:eu-west-1:1:mailme", "3")};
  EXPECT_EQ(*Sns(caller, {}).find_topic("mailme"), "arn:aws:sns:eu-west-1:1:mailme");
  EXPECT_THAT(caller.calls, SizeIs(2));
  EXPECT_EQ(*Sns(caller, {}).find_topic("arn:aws:sns:x:1:y"), "arn:aws:sns:x:1:y");
  EXPECT_EQ(Sns(caller, {}).find_topic("other").error().code, "TopicNotFound");
}

TEST(Sns, PublishesInTheTopicsRegionWithinTheLimits) {
  FakeCaller caller;
  caller.answers = {"<R><PublishResult><MessageId>m-1</MessageId></PublishResult></R>"};
  Sns sns(caller, {"us-east-1", ""});
  EXPECT_EQ(*sns.publish("arn:aws:sns:eu-west-1:1:t", "START STATUS: SUCCESS", "body"), "m-1");
  EXPECT_EQ(caller.calls[0].target.region, "eu-west-1");
  EXPECT_EQ(parameter(caller.calls[0], "Subject"), "START STATUS: SUCCESS");
  EXPECT_FALSE(sns.publish("t", "two\nlines", "body"));
  EXPECT_FALSE(sns.publish("t", std::string(100, 'x'), "body"));
  EXPECT_FALSE(sns.publish("t", "s", std::string(262'145, 'x')));
  EXPECT_THAT(caller.calls, SizeIs(1));
}

TEST(Sns, ReadsWhoIsSubscribed) {
  FakeCaller caller;
  caller.answers = {
      "<R><GetTopicAttributesResult><Attributes>"
      "<entry><key>SubscriptionsPending</key><value>2</value></entry>"
      "<entry><key>SubscriptionsConfirmed</key><value>31</value></entry>"
      "</Attributes></GetTopicAttributesResult></R>"};
  const auto topic = Sns(caller, {"us-east-1", ""}).get_topic("arn:aws:sns:eu-west-1:1:t");
  EXPECT_EQ(topic->confirmed, 31);
  EXPECT_EQ(topic->pending, 2);
  EXPECT_EQ(caller.calls.back().target.region, "eu-west-1");
}

TEST(Sns, AnErrorSaysWhetherTheMessageMayHaveGone) {
  const auto says = [](std::string code) { return undelivered_by({ErrorKind::aws, std::move(code), ""}); };
  for (const auto* code :
       {"TopicNotFound", "NotFound", "AuthorizationError", "AccessDenied", "KMSAccessDenied", "KMSDisabled",
        "InvalidParameter", "NoCredentials", "ExpiredToken"}) {
    EXPECT_EQ(says(code), Undelivered::refused) << code;
  }
  for (const auto* code : {"Throttling", "Throttled", "KMSThrottling", "InternalError", "InternalFailure",
                           "ServiceUnavailable", "ConnectionError", "RequestTimeout"}) {
    EXPECT_EQ(says(code), Undelivered::passing) << code;
  }
  for (const auto* code : {"AnswerLost", "InvalidResponse"})
    EXPECT_EQ(says(code), Undelivered::unknown) << code;
}

TEST(Sts, ReadsCredentialsAndIdentity) {
  FakeCaller caller;
  caller.answers = {
      "<R><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
      "<SessionToken>t</SessionToken><Expiration>2026-11-24T07:00:00Z</Expiration></Credentials></"
      "AssumeRoleResult></R>",
      "<R><GetCallerIdentityResult><Account>123</Account><Arn>arn:aws:iam::123:user/a</Arn></"
      "GetCallerIdentityResult></R>"};
  Sts sts(caller, {"us-east-1", ""});
  const auto credentials = sts.assume_role({"arn:role", "name", "ext"});
  ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->credentials.access_key_id, "ASIA");
  EXPECT_EQ(credentials->credentials.session_token, "t");
  EXPECT_EQ(format_time(credentials->expires), "2026-11-24T07:00:00.000Z");
  EXPECT_EQ(parameter(caller.calls[0], "ExternalId"), "ext");
  EXPECT_EQ(sts.get_caller_identity()->account, "123");
  EXPECT_EQ(sts.assume_role({"arn:role", "name", ""}).error().code, "InvalidResponse");
}

}  // namespace
}  // namespace lamplighter::aws
