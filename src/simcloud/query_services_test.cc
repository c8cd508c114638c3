// CloudWatch, SNS and STS of the simulated cloud.
#include <gmock/gmock.h>

#include "base/limits.h"
#include "tests/support/test_cloud.h"

namespace lamplighter::simcloud {
namespace {

using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

CloudSpec thirty_servers(bool muted = false) {
  CloudSpec spec;
  spec.topics = {"mailme", "arn:aws:sns:eu-west-1:123456789012:far"};
  spec.muted_tag = {"muted-by", "lamplighter"};
  for (int i = 1; i <= 30; ++i) {
    spec.servers.push_back(a_server(fmt::format("test{}", i)));
    spec.servers.back().muted_alarms = muted;
  }
  return spec;
}

const std::string alarm_arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:test1-status-check";
const std::string topic_arn = "arn:aws:sns:us-east-1:123456789012:mailme";

TEST(DescribeAlarms, HasCloudWatchsShape) {
  TestCloud cloud(thirty_servers());
  const pugi::xml_node root =
      cloud.call("monitoring", "DescribeAlarms", "AlarmNames.member.1=test1-status-check");
  EXPECT_STREQ(root.name(), "DescribeAlarmsResponse");
  const pugi::xml_node alarm = root.child("DescribeAlarmsResult").child("MetricAlarms").child("member");
  EXPECT_EQ(alarm.child_value("AlarmArn"), alarm_arn);
  EXPECT_STREQ(alarm.child("Dimensions").child("member").child_value("Name"), "InstanceId");
  EXPECT_EQ(alarm.child("Dimensions").child("member").child_value("Value"), cloud.id("test1"));
  EXPECT_FALSE(root.child("ResponseMetadata").child("RequestId").text().empty());
}

TEST(DescribeAlarms, PagesThroughAllOfThem) {
  TestCloud cloud(thirty_servers());
  std::vector<std::string> names;
  std::string token;
  do {
    const pugi::xml_node root =
        cloud.call("monitoring", "DescribeAlarms", "MaxRecords=20&NextToken=" + token);
    for (const std::string& name : texts(root, "//AlarmName")) names.push_back(name);
    token = root.child("DescribeAlarmsResult").child_value("NextToken");
  } while (!token.empty());
  EXPECT_EQ(names.size(), cloud.cloud.alarms().size());
  EXPECT_GT(names.size(), 40U);
  EXPECT_LT(names.size(), 60U);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

TEST(DescribeAlarms, PrefixTypesAndErrors) {
  TestCloud cloud(thirty_servers());
  EXPECT_THAT(
      texts(cloud.call("monitoring", "DescribeAlarms", "AlarmNamePrefix=test1-status"), "//AlarmName"),
      ElementsAre("test1-status-check"));
  EXPECT_THAT(
      texts(cloud.call("monitoring", "DescribeAlarms", "AlarmTypes.member.1=CompositeAlarm"), "//AlarmName"),
      IsEmpty());
  EXPECT_EQ(cloud.error("monitoring", "DescribeAlarms", "AlarmNamePrefix=a&AlarmNames.member.1=b"),
            "InvalidParameterCombination");
  EXPECT_EQ(cloud.error("monitoring", "DescribeAlarms", "MaxRecords=101"), "ValidationError");
  EXPECT_EQ(cloud.error("monitoring", "DescribeAlarms", "NextToken=x"), "InvalidNextToken");
}

TEST(DescribeAlarms, CompositeOnesComeOnlyWhenTheyAreAskedFor) {
  auto spec = thirty_servers();
  spec.alarms = {{.name = "both", .region = "us-east-1", .rule = "ALARM(a) AND ALARM(b)"}};
  TestCloud cloud(spec);
  EXPECT_THAT(texts(cloud.call("monitoring", "DescribeAlarms", "AlarmNames.member.1=both"), "//AlarmName"),
              IsEmpty());
  EXPECT_THAT(texts(cloud.call("monitoring", "DescribeAlarms", "AlarmTypes.member.1=CompositeAlarm"),
                    "//CompositeAlarms/member/AlarmRule"),
              ElementsAre("ALARM(a) AND ALARM(b)"));
}

TEST(DescribeAlarms, AnAlarmIsWellOnceItsServerIs) {
  CloudSpec spec;
  spec.servers = {a_server("test1")};
  TestCloud cloud(spec);
  const auto state = [&] {
    return texts(cloud.call("monitoring", "DescribeAlarms", "AlarmNames.member.1=test1-status-check"),
                 "//StateValue");
  };
  EXPECT_THAT(state(), ElementsAre("INSUFFICIENT_DATA"));
  cloud.call("ec2", "StartInstances", "InstanceId.1=" + cloud.id("test1"));
  cloud.pass(std::chrono::minutes(10));
  EXPECT_THAT(state(), ElementsAre("OK"));
}

TEST(Alarms, SomeAreDisabledByAPersonAndMutedOnesCarryTheTag) {
  TestCloud cloud(thirty_servers(true));
  int muted = 0;
  int by_a_person = 0;
  for (const json::value& alarm : cloud.cloud.alarms()) {
    EXPECT_FALSE(get_bool(alarm, "actions_enabled", true));
    const std::string arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:" + get_string(alarm, "name");
    const auto keys = texts(cloud.call("monitoring", "ListTagsForResource", "ResourceARN=" + arn), "//Key");
    cloud.pass(seconds(1));
    (keys.empty() ? by_a_person : muted) += 1;
  }
  EXPECT_GT(by_a_person, 0);
  EXPECT_GT(muted, 5 * by_a_person);
}

TEST(Alarms, ActionsAreDisabledAndEnabled) {
  TestCloud cloud(thirty_servers());
  const auto enabled = [&] {
    return texts(cloud.call("monitoring", "DescribeAlarms", "AlarmNames.member.1=test1-status-check"),
                 "//ActionsEnabled");
  };
  EXPECT_EQ(cloud.error("monitoring", "EnableAlarmActions", "AlarmNames.member.1=test1-status-check"), "");
  EXPECT_THAT(enabled(), ElementsAre("true"));
  EXPECT_EQ(cloud.error("monitoring", "DisableAlarmActions",
                        "AlarmNames.member.1=test1-status-check&AlarmNames.member.2=nobody"),
            "");
  EXPECT_THAT(enabled(), ElementsAre("false"));
  EXPECT_EQ(cloud.error("monitoring", "DisableAlarmActions"), "ValidationError");
}

TEST(Alarms, TagsComeAndGo) {
  TestCloud cloud(thirty_servers());
  EXPECT_EQ(cloud.error("monitoring", "TagResource",
                        "ResourceARN=" + alarm_arn + "&Tags.member.1.Key=a&Tags.member.1.Value=b"),
            "");
  EXPECT_THAT(texts(cloud.call("monitoring", "ListTagsForResource", "ResourceARN=" + alarm_arn),
                    "//Tags/member/Value"),
              ElementsAre("b"));
  EXPECT_EQ(cloud.error("monitoring", "UntagResource", "ResourceARN=" + alarm_arn + "&TagKeys.member.1=a"),
            "");
  EXPECT_THAT(texts(cloud.call("monitoring", "ListTagsForResource", "ResourceARN=" + alarm_arn),
                    "//Tags/member/Value"),
              IsEmpty());
  EXPECT_EQ(
      cloud.error("monitoring", "ListTagsForResource", "ResourceARN=arn:aws:cloudwatch:us-east-1:1:alarm:x"),
      "ResourceNotFoundException");
  EXPECT_EQ(cloud.status, 404);
}

/// A call in JSON; newer SDKs make them to CloudWatch.
http::OutgoingRequest json_call(std::string_view operation, std::string body,
                                std::string_view service = "monitoring",
                                std::string_view target = "GraniteServiceVersion20100801") {
  http::OutgoingRequest request;
  request.url = "/";
  request.headers = {
      {"x-amz-target", fmt::format("{}.{}", target, operation)},
      {"authorization",
       fmt::format("AWS4-HMAC-SHA256 Credential=A/20261124/us-east-1/{}/aws4_request, Signature=0",
                   service)}};
  request.body = std::move(body);
  return request;
}

json::value tagging_call(TestCloud& cloud, std::string_view operation, std::string body) {
  const auto answer = cloud.cloud.handle(
      json_call(operation, std::move(body), "tagging", "ResourceGroupsTaggingAPI_20170126"), cloud.now);
  return parse_json(answer->body).value();
}

TEST(TaggingApi, TagsMarkAndFindManyAlarmsAtOnce) {
  TestCloud cloud(thirty_servers());
  const auto answer = tagging_call(
      cloud, "TagResources",
      fmt::format(
          R"({{"ResourceARNList": ["{}", "arn:aws:cloudwatch:us-east-1:1:alarm:x"], "Tags": {{"a:b": "c"}}}})",
          alarm_arn));
  EXPECT_EQ(
      json_text(answer.at("FailedResourcesMap")),
      R"({"arn:aws:cloudwatch:us-east-1:1:alarm:x":{"StatusCode":404,"ErrorCode":"ResourceNotFoundException",)"
      R"("ErrorMessage":"Unknown resource arn:aws:cloudwatch:us-east-1:1:alarm:x"}})");
  const std::string filter = R"("ResourceTypeFilters": ["cloudwatch:alarm"], "TagFilters": [{"Key": "a:b"}])";
  const auto found = tagging_call(cloud, "GetResources", "{" + filter + "}");
  EXPECT_EQ(json_text(found.at("ResourceTagMappingList")),
            R"([{"ResourceARN":")" + alarm_arn + R"(","Tags":[{"Key":"a:b","Value":"c"}]}])");
  tagging_call(cloud, "UntagResources",
               fmt::format(R"({{"ResourceARNList": ["{}"], "TagKeys": ["a:b"]}})", alarm_arn));
  EXPECT_TRUE(tagging_call(cloud, "GetResources", "{" + filter + "}")
                  .at("ResourceTagMappingList")
                  .as_array()
                  .empty());
}

TEST(TaggingApi, RefusesMoreThanTwentyAndMindsItsRates) {
  TestCloud cloud(thirty_servers());
  json::array many(21, json::string(alarm_arn));
  const auto refused = tagging_call(
      cloud, "TagResources", json_text(json::object{{"ResourceARNList", many}, {"Tags", {{"a", "b"}}}}));
  EXPECT_EQ(get_string(refused, "__type"), "InvalidParameterException");
  std::string last;
  for (int i = 0; i < 5; ++i) last = get_string(tagging_call(cloud, "UntagResources", "{}"), "__type");
  EXPECT_EQ(last, "InvalidParameterException");
  for (int i = 0; i < 5; ++i) last = get_string(tagging_call(cloud, "TagResources", "{}"), "__type");
  EXPECT_EQ(last, "ThrottledException");
}

TEST(TaggingApi, PagesThroughWhatIsMarked) {
  TestCloud cloud(thirty_servers(true));
  std::size_t found = 0;
  std::string token;
  do {
    const auto page =
        tagging_call(cloud, "GetResources",
                     R"({"TagFilters": [{"Key": "muted-by"}], "ResourcesPerPage": 10, "PaginationToken": ")" +
                         token + "\"}");
    found += page.at("ResourceTagMappingList").as_array().size();
    token = get_string(page, "PaginationToken");
  } while (!token.empty());
  EXPECT_GT(found, 30U);
}

TEST(CloudWatchInJson, AnswersAndRefuses) {
  TestCloud cloud(thirty_servers());
  const auto found = *cloud.cloud.handle(
      json_call("DescribeAlarms", R"({"AlarmNames": ["test1-status-check"], "MaxRecords": 5})"), cloud.now);
  EXPECT_EQ(found.status, 200);
  const auto answer = parse_json(found.body);
  ASSERT_EQ(answer->at("MetricAlarms").as_array().size(), 1U);
  const json::value& alarm = answer->at("MetricAlarms").at(0);
  EXPECT_EQ(alarm.at("Dimensions").at(0).at("Value").as_string(), cloud.id("test1"));
  EXPECT_TRUE(alarm.at("StateUpdatedTimestamp").is_number());

  const auto refused =
      *cloud.cloud.handle(json_call("ListTagsForResource", R"({"ResourceARN": "arn:nobody"})"), cloud.now);
  EXPECT_EQ(refused.status, 404);
  EXPECT_EQ(get_string(*parse_json(refused.body), "__type"), "ResourceNotFoundException");
  EXPECT_EQ(http::header(refused.headers, "x-amzn-query-error"), "ResourceNotFoundException;Sender");
}

TEST(CloudWatchInJson, HostileBodiesAreRefused) {
  TestCloud cloud(thirty_servers());
  std::string many = R"({"AlarmNames": ["a")";
  for (int i = 0; i < 11'000; ++i) many += ",\"a\"";
  for (const std::string& body :
       {std::string("{"), std::string("[]"), std::string(100'000, '['), many + "]}"}) {
    EXPECT_EQ(cloud.cloud.handle(json_call("DescribeAlarms", body), cloud.now)->status, 400)
        << body.substr(0, 40);
  }
}

TEST(Sns, TopicsAreListedByRegionInPages) {
  TestCloud cloud(thirty_servers());
  for (int i = 0; i < 150; ++i) {
    EXPECT_EQ(cloud.error("sns", "CreateTopic", fmt::format("Name=t{}", i)), "");
    cloud.pass(seconds(1));
  }
  const pugi::xml_node first = cloud.call("sns", "ListTopics");
  EXPECT_EQ(texts(first, "//TopicArn").size(), 100U);
  EXPECT_THAT(texts(first, "//TopicArn"), Contains(topic_arn));
  const std::string token = first.child("ListTopicsResult").child_value("NextToken");
  EXPECT_EQ(texts(cloud.call("sns", "ListTopics", "NextToken=" + token), "//TopicArn").size(), 51U);
  EXPECT_THAT(
      texts(cloud.call("sns", "ListTopics", "", "eu-west-1"), "//TopicArn"),
      ElementsAre("arn:aws:sns:eu-west-1:123456789012:far", "arn:aws:sns:eu-west-1:123456789012:mailme"));
}

TEST(Sns, PublishedMailsAreInTheOutbox) {
  TestCloud cloud(thirty_servers());
  const pugi::xml_node root = cloud.call(
      "sns", "Publish", "TopicArn=" + topic_arn + "&Subject=START+STATUS%3A+SUCCESS&Message=all%0Awell");
  EXPECT_EQ(texts(root, "//MessageId").front().size(), 36U);
  const json::array outbox = cloud.cloud.outbox();
  ASSERT_EQ(outbox.size(), 1U);
  EXPECT_EQ(get_string(outbox[0], "subject"), "START STATUS: SUCCESS");
  EXPECT_EQ(get_string(outbox[0], "message"), "all\nwell");
  EXPECT_EQ(get_string(outbox[0], "topic"), topic_arn);
  EXPECT_EQ(get_string(outbox[0], "at"), format_time(cloud.now));
}

TEST(Sns, RefusesWhatSnsRefuses) {
  TestCloud cloud(thirty_servers());
  const auto publish = [&](const std::string& rest) {
    return cloud.error("sns", "Publish", "TopicArn=" + topic_arn + "&" + rest);
  };
  EXPECT_EQ(publish("Message="), "InvalidParameter");
  EXPECT_EQ(publish("Message=" + std::string(262'145, 'x')), "InvalidParameter");
  EXPECT_EQ(publish("Message=" + std::string(limits::kMessageBytes, 'x')), "");
  EXPECT_EQ(publish("Message=x&Subject=" + std::string(100, 'x')), "InvalidParameter");
  EXPECT_EQ(publish("Message=x&Subject=" + std::string(99, 'x')), "");
  EXPECT_EQ(publish("Message=x&Subject=two%0Alines"), "InvalidParameter");
  EXPECT_EQ(publish("Message=x&Subject=%C3%A9"), "InvalidParameter");
  EXPECT_EQ(cloud.error("sns", "Publish", "Message=x&TopicArn=" + topic_arn + "2"), "NotFound");
  EXPECT_EQ(cloud.status, 404);
  EXPECT_EQ(cloud.error("sns", "CreateTopic", "Name=a+b"), "InvalidParameter");
}

TEST(Sns, SubscribeAndAttributes) {
  TestCloud cloud(thirty_servers());
  EXPECT_THAT(
      texts(cloud.call("sns", "Subscribe", "Protocol=email&Endpoint=a%40example.com&TopicArn=" + topic_arn),
            "//SubscriptionArn"),
      ElementsAre("pending confirmation"));
  EXPECT_THAT(texts(cloud.call("sns", "GetTopicAttributes", "TopicArn=" + topic_arn),
                    "//entry[key='SubscriptionsPending']/value"),
              ElementsAre("1"));
  EXPECT_THAT(texts(cloud.call("sns", "GetTopicAttributes", "TopicArn=" + topic_arn),
                    "//entry[key='SubscriptionsConfirmed']/value"),
              ElementsAre("1"));
}

CloudSpec with_fault(const std::string& fault) {
  CloudSpec spec = thirty_servers();
  spec.faults = {parse_fault(fault).value()};
  return spec;
}

TEST(Sns, ATopicMayBeMissingOrRefuseToPublish) {
  const std::string mail = "Message=x&TopicArn=" + topic_arn;
  const auto refused = [&](const std::string& fault) {
    TestCloud cloud(with_fault(fault));
    const auto code = cloud.error("sns", "Publish", mail);
    EXPECT_TRUE(cloud.cloud.outbox().empty()) << fault;
    return code;
  };
  EXPECT_EQ(refused("topic-missing:mailme"), "NotFound");
  EXPECT_EQ(refused("topic-denied:mailme"), "AuthorizationError");
  EXPECT_EQ(refused("topic-key:mailme"), "KMSAccessDenied");
  EXPECT_EQ(refused("topic-throttled:mailme"), "Throttling");
  TestCloud cloud(with_fault("topic-denied:mailme*1"));
  EXPECT_EQ(cloud.error("sns", "Publish", mail), "AuthorizationError");
  EXPECT_EQ(cloud.error("sns", "Publish", mail), "") << "the first time only";
  EXPECT_EQ(cloud.error("sns", "GetTopicAttributes", "TopicArn=" + topic_arn), "");
}

TEST(Sns, TheConnectionMayBreakBeforeOrAfterTheMailIsTaken) {
  for (const bool taken : {false, true}) {
    TestCloud cloud(with_fault(taken ? "topic-unanswered:mailme" : "topic-lost:mailme"));
    EXPECT_FALSE(cloud.raw("sns", "Publish", "Message=x&TopicArn=" + topic_arn));
    EXPECT_EQ(cloud.cloud.outbox().size(), taken ? 1U : 0U);
    EXPECT_TRUE(cloud.raw("sns", "ListTopics", "")) << "nothing else breaks";
  }
}

TEST(Sns, TheOutboxDoesNotGrowForEver) {
  TestCloud cloud(thirty_servers());
  const std::string large = "TopicArn=" + topic_arn + "&Message=" + std::string(limits::kMessageBytes, 'x');
  for (int i = 0; i < 200; ++i) {
    cloud.raw("sns", "Publish", large);
    cloud.pass(seconds(1));
  }
  EXPECT_EQ(cloud.cloud.outbox().size(), 128U) << "32 MiB";
}

TEST(Sts, SaysWhoIsCalling) {
  TestCloud cloud(thirty_servers());
  EXPECT_THAT(texts(cloud.call("sts", "GetCallerIdentity"), "//Account"), ElementsAre("123456789012"));
}

TEST(Sts, SpeaksOfItsPartition) {
  TestCloud cloud(thirty_servers());
  http::OutgoingRequest request;
  request.body = "Action=GetCallerIdentity&Version=2011-06-15";
  request.signing = http::Signing{"cn-north-1", "sts", {"AKIA", "secret", ""}};
  EXPECT_THAT(cloud.cloud.handle(request, cloud.now)->body,
              testing::HasSubstr("arn:aws-cn:iam::123456789012:user/simulated"));
  const pugi::xml_node root = cloud.call(
      "sts", "AssumeRole", "RoleArn=arn:aws-cn:iam::123456789012:role/Lamplighter&RoleSessionName=night");
  EXPECT_THAT(texts(root, "//Arn"),
              ElementsAre("arn:aws-cn:sts::123456789012:assumed-role/Lamplighter/night"));
}

TEST(Sts, AnAssumedRoleIsKnownAgain) {
  TestCloud cloud(thirty_servers());
  const pugi::xml_node root = cloud.call(
      "sts", "AssumeRole", "RoleArn=arn:aws:iam::123456789012:role/ops/Lamplighter&RoleSessionName=night");
  const std::string key = texts(root, "//AccessKeyId").at(0);
  EXPECT_THAT(key, StartsWith("ASIA"));
  EXPECT_EQ(parse_time(texts(root, "//Expiration").at(0)).value(), cloud.now + seconds(3600));
  http::OutgoingRequest request;
  request.body = "Action=GetCallerIdentity&Version=2011-06-15";
  request.signing = http::Signing{"us-east-1", "sts", {key, "secret", "token"}};
  EXPECT_THAT(cloud.cloud.handle(request, cloud.now)->body,
              testing::HasSubstr("arn:aws:sts::123456789012:assumed-role/Lamplighter/night"));
  EXPECT_EQ(cloud.error("sts", "AssumeRole", "RoleArn=nonsense&RoleSessionName=night"), "ValidationError");
}

}  // namespace
}  // namespace lamplighter::simcloud
