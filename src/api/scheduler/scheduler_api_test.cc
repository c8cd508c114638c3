#include "api/scheduler/scheduler_api.h"

#include <optional>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/scheduler/keywords.h"
#include "http/uri.h"
#include "tests/support/memory_rows.h"

namespace lamplighter::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto kMachine = "arn:aws:states:us-east-1:123456789012:stateMachine:m";

struct Answered {
  int status;
  std::string code;
  json::object body;
};

class SchedulerApiTest : public testing::Test {
 protected:
  Answered send(const std::string& method, const std::string& url, const json::value& body = nullptr) {
    const SchedulerApi api(*book, door, clock, [](const ScheduleTarget&) { return Status(); });
    const auto response =
        api.handle({method, url, {{"Host", "localhost"}}, body.is_null() ? "" : json_text(body)});
    return {response.status, std::string(http::header(response.headers, "x-amzn-ErrorType")),
            parse_json(response.body).value().as_object()};
  }

  static json::object request(const std::string& expression = "rate(1 hours)") {
    return {{"ScheduleExpression", expression},
            {"FlexibleTimeWindow", {{"Mode", "OFF"}}},
            {"Target", {{"Arn", kMachine}, {"RoleArn", "arn:aws:iam::123456789012:role/r"}}}};
  }

  std::vector<std::string> names(const json::object& body, std::string_view list = "Schedules") {
    std::vector<std::string> out;
    for (const auto& one : body.at(list).as_array()) out.push_back(get_string(one, "Name"));
    return out;
  }

  void reopen() { book = *Book::open(store, {"us-east-1", "123456789012"}); }

  scheduler::MemoryRows store;
  std::unique_ptr<Book> book = *Book::open(store, {"us-east-1", "123456789012"});
  ManualClock clock{*parse_time("2026-11-24T06:00:00Z")};
  Door door{std::nullopt, clock};
};

TEST_F(SchedulerApiTest, AScheduleIsMadeShownAndStillThereAfterARestart) {
  auto asked = request("cron(0 20 ? * MON-FRI *)");
  asked["ScheduleExpressionTimezone"] = "UTC";
  asked["Description"] = "evening";
  asked["StartDate"] = 1795500000.0;
  asked["ActionAfterCompletion"] = "DELETE";
  asked["FlexibleTimeWindow"] = {{"Mode", "FLEXIBLE"}, {"MaximumWindowInMinutes", 15}};
  asked["Target"].as_object()["Input"] = R"({"at": "<aws.scheduler.scheduled-time>"})";
  asked["Target"].as_object()["RetryPolicy"] = {{"MaximumRetryAttempts", 3}};
  const auto made = send("POST", "/schedules/evening", asked);
  EXPECT_EQ(made.status, 200);
  EXPECT_EQ(get_string(made.body, "ScheduleArn"),
            "arn:aws:scheduler:us-east-1:123456789012:schedule/default/evening");
  const auto shown = send("GET", "/schedules/evening").body;
  EXPECT_EQ(get_string(shown, "ScheduleExpression"), "cron(0 20 ? * MON-FRI *)");
  EXPECT_EQ(get_string(shown, "Description"), "evening");
  EXPECT_DOUBLE_EQ(shown.at("StartDate").to_number<double>(), 1795500000.0);
  EXPECT_EQ(json_text(shown.at("FlexibleTimeWindow")), R"({"Mode":"FLEXIBLE","MaximumWindowInMinutes":15})");
  EXPECT_THAT(json_text(shown.at("Target")),
              HasSubstr(R"("MaximumEventAgeInSeconds":86400,"MaximumRetryAttempts":3)"));
  reopen();
  EXPECT_EQ(json_text(send("GET", "/schedules/evening").body), json_text(shown));
}

TEST_F(SchedulerApiTest, MakingItTwiceIsAConflictUnlessItIsTheSameRequest) {
  auto asked = request();
  asked["ClientToken"] = "token";
  EXPECT_EQ(send("POST", "/schedules/a", asked).status, 200);
  EXPECT_EQ(send("POST", "/schedules/a", asked).status, 200) << "the answer was lost, the client asks again";
  asked["Description"] = "another";
  const auto refused = send("POST", "/schedules/a", asked);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.code, "ConflictException");
}

TEST_F(SchedulerApiTest, AnUpdateReplacesEverything) {
  auto asked = request();
  asked["Description"] = "first";
  asked["State"] = "DISABLED";
  send("POST", "/schedules/a", asked);
  clock.sleep(std::chrono::hours(1));
  EXPECT_EQ(send("PUT", "/schedules/a", request("rate(2 hours)")).status, 200);
  const auto shown = send("GET", "/schedules/a").body;
  EXPECT_FALSE(shown.contains("Description"));
  EXPECT_EQ(get_string(shown, "State"), "ENABLED");
  EXPECT_LT(shown.at("CreationDate").to_number<double>(),
            shown.at("LastModificationDate").to_number<double>());
  EXPECT_EQ(send("PUT", "/schedules/b", request()).status, 404);
}

TEST_F(SchedulerApiTest, ListsAreFilteredAndPaged) {
  send("POST", "/schedule-groups/night", json::object());
  for (const std::string name : {"a1", "a2", "b1"}) send("POST", "/schedules/" + name, request());
  auto other = request();
  other["GroupName"] = "night";
  other["State"] = "DISABLED";
  send("POST", "/schedules/a3", other);
  EXPECT_THAT(names(send("GET", "/schedules").body), ElementsAre("a1", "a2", "b1", "a3"));
  EXPECT_THAT(names(send("GET", "/schedules?NamePrefix=a").body), ElementsAre("a1", "a2", "a3"));
  EXPECT_THAT(names(send("GET", "/schedules?State=DISABLED").body), ElementsAre("a3"));
  EXPECT_THAT(names(send("GET", "/schedules?ScheduleGroup=night").body), ElementsAre("a3"));
  const auto first = send("GET", "/schedules?MaxResults=3").body;
  EXPECT_THAT(names(first), ElementsAre("a1", "a2", "b1"));
  const auto token = http::percent_encode(get_string(first, "NextToken"));
  const auto second = send("GET", "/schedules?MaxResults=3&NextToken=" + token).body;
  EXPECT_THAT(names(second), ElementsAre("a3"));
  EXPECT_FALSE(second.contains("NextToken"));
  EXPECT_EQ(send("GET", "/schedules?ScheduleGroup=none").status, 404);
}

TEST_F(SchedulerApiTest, NoPageLosesOrRepeatsASchedule) {
  for (const std::string group : {"a", "a-b", "a.b"}) {
    send("POST", "/schedule-groups/" + group, json::object());
    auto asked = request();
    asked["GroupName"] = group;
    for (const std::string name : {"x", "y", "z"}) send("POST", "/schedules/" + group + name, asked);
  }
  for (int size = 1; size <= 4; ++size) {
    std::vector<std::string> all;
    std::string token;
    do {
      const auto page = send("GET", fmt::format("/schedules?MaxResults={}{}", size, token)).body;
      for (auto& name : names(page)) all.push_back(std::move(name));
      token = page.contains("NextToken") ? "&NextToken=" + http::percent_encode(get_string(page, "NextToken"))
                                         : "";
    } while (!token.empty() && all.size() < 20);
    EXPECT_THAT(all, ElementsAre("ax", "ay", "az", "a-bx", "a-by", "a-bz", "a.bx", "a.by", "a.bz"));
  }
  EXPECT_EQ(send("GET", "/schedules?NextToken=zzzz").code, "ValidationException");
  EXPECT_EQ(send("GET", "/schedule-groups?NextToken=a%2Fb").code, "ValidationException");
}

TEST_F(SchedulerApiTest, AFleetBehindAGroupOfItsNameIsShownOnceThatIsDeleted) {
  send("POST", "/schedule-groups/lower", json::object());
  EXPECT_FALSE(book->show_fleet("lower", {{.name = "evening", .expression = "rate(1 hour)"}}, clock.now()));
  send("DELETE", "/schedule-groups/lower");
  EXPECT_THAT(names(send("GET", "/schedules?ScheduleGroup=lower").body), ElementsAre("evening"));
  EXPECT_EQ(send("POST", "/schedule-groups/lower", json::object()).code, "ConflictException");
}

TEST_F(SchedulerApiTest, AGroupGoesWithItsSchedules) {
  send("POST", "/schedule-groups/night", json::object());
  auto asked = request();
  asked["GroupName"] = "night";
  send("POST", "/schedules/a", asked);
  EXPECT_EQ(send("DELETE", "/schedule-groups/night").status, 200);
  EXPECT_EQ(send("GET", "/schedules/a?groupName=night").status, 404);
  EXPECT_TRUE(store.kept.empty());
  EXPECT_EQ(send("DELETE", "/schedule-groups/default").status, 400);
  EXPECT_EQ(send("POST", "/schedules/a", asked).code, "ResourceNotFoundException");
}

TEST_F(SchedulerApiTest, GroupsHaveTags) {
  send("POST", "/schedule-groups/night",
       json::object{{"Tags", json::array{{{"Key", "team"}, {"Value", "x"}}}}});
  const auto arn = get_string(send("GET", "/schedule-groups/night").body, "Arn");
  const auto path = "/tags/" + http::percent_encode(arn);
  EXPECT_EQ(send("POST", path, json::object{{"Tags", json::array{{{"Key", "cost"}, {"Value", "y"}}}}}).status,
            200);
  EXPECT_EQ(send("DELETE", path + "?TagKeys=team").status, 200);
  reopen();
  EXPECT_EQ(json_text(send("GET", path).body.at("Tags")), R"([{"Key":"cost","Value":"y"}])");
  EXPECT_EQ(send("GET", "/tags/nonsense").code, "ValidationException");
  const auto tagged = [&](const std::string& key) {
    return json::object{
        {"Tags", json::array{{{"Key", "own"}, {"Value", "y"}}, {{"Key", key}, {"Value", "z"}}}}};
  };
  EXPECT_EQ(send("POST", path, tagged("aws:cloudformation:stack-id")).code, "ValidationException");
  EXPECT_EQ(send("POST", path, tagged("own")).code, "ValidationException") << "twice";
  EXPECT_EQ(json_text(send("GET", path).body.at("Tags")), R"([{"Key":"cost","Value":"y"}])") << "unchanged";
}

TEST_F(SchedulerApiTest, WhatTheFileSaysIsShownAndChangedByNobody) {
  Schedule evening{.name = "evening", .expression = "cron(0 20 * * ? *)", .target = {.arn = kMachine}};
  ASSERT_TRUE(book->show_fleet("lower", {evening}, clock.now()));
  EXPECT_THAT(names(send("GET", "/schedules?ScheduleGroup=lower").body), ElementsAre("evening"));
  EXPECT_THAT(names(send("GET", "/schedule-groups").body, "ScheduleGroups"), ElementsAre("default", "lower"));
  for (const auto* method : {"DELETE", "PUT"}) {
    const auto body = request();
    auto asked = body;
    asked["GroupName"] = "lower";
    const auto refused = send(method, "/schedules/evening?groupName=lower", asked);
    EXPECT_EQ(refused.code, "ConflictException") << method;
    EXPECT_THAT(get_string(refused.body, "Message"), HasSubstr("change the file"));
  }
  EXPECT_TRUE(book->made().empty());
  EXPECT_TRUE(store.kept.empty());
  book->hide_fleet("lower");
  EXPECT_EQ(send("GET", "/schedule-groups/lower").status, 404);
}

TEST_F(SchedulerApiTest, NonsenseIsRefusedByNameAndChangesNothing) {
  const auto with = [](std::string_view member, json::value value) {
    auto asked = request();
    asked[member] = std::move(value);
    return asked;
  };
  const auto with_target = [](std::string_view member, json::value value) {
    auto asked = request();
    asked["Target"].as_object()[member] = std::move(value);
    return asked;
  };
  const std::vector<std::pair<json::object, std::string>> cases{
      {{}, "ScheduleExpression"},
      {with("ScheduleExpression", "cron(61 * * * ? *)"), "Invalid Schedule Expression"},
      {with("ScheduleExpression", 5), "ScheduleExpression"},
      {with("ScheduleExpression", "at(2020-01-01T00:00:00)"), "never due"},
      {with("ScheduleExpression", "cron(0 0 30 2 ? *)"), "never due"},
      {with("ScheduleExpressionTimezone", "Mars/Olympus"), "time zone"},
      {with("StartDate", 1.0), "StartDate"},
      {with("ScheduleExpression", "cron(0 0 ? * 2/2 *)"), "Invalid Schedule Expression"},
      {with("ScheduleExpression", ("cron(" + std::string(260, '0') + " 0 * * ? *)").c_str()), "256"},
      {with("StartDate", "tomorrow"), "StartDate"},
      {with("StartDate", 1e300), "StartDate"},
      {with("EndDate", 1.0), "never due"},
      {with("FlexibleTimeWindow", {{"Mode", "FLEXIBLE"}}), "FlexibleTimeWindow"},
      {with("FlexibleTimeWindow", {{"Mode", "OFF"}, {"MaximumWindowInMinutes", 5}}), "FlexibleTimeWindow"},
      {with("FlexibleTimeWindow", {{"Mode", "FLEXIBLE"}, {"MaximumWindowInMinutes", 1441}}), "1440"},
      {with("State", "ON"), "ENABLED"},
      {with("GroupName", "a/b"), "groupName"},
      {with("Description", std::string(513, 'x').c_str()), "512"},
      {with("KmsKeyArn", "arn:aws:kms:us-east-1:123456789012:key/k"), "KmsKeyArn"},
      {with_target("Arn", "arn:aws:lambda:us-east-1:123456789012:function:f"), "state machine"},
      {with_target("RoleArn", "root"), "roleArn"},
      {with_target("Input", "{"), "Input"},
      {with_target("DeadLetterConfig", {{"Arn", "arn"}}), "DeadLetterConfig"},
      {with_target("RetryPolicy", {{"MaximumRetryAttempts", 186}}), "185"},
      {with_target("RetryPolicy", {{"MaximumEventAgeInSeconds", 59}}), "60"},
      {with_target("RetryPolicy", {{"MaximumEventAgeInSeconds", 86'401}}), "86400"},
      {with_target("Input", ("\"" + std::string(262'144, 'x') + "\"").c_str()), "262144"},
      {with_target("RetryPolicy", {{"MaximumEventAgeInSeconds", 59.5}}), "MaximumEventAgeInSeconds"},
  };
  for (const auto& [asked, words] : cases) {
    const auto refused = send("POST", "/schedules/a", asked);
    EXPECT_EQ(refused.status, 400) << json_text(asked);
    EXPECT_EQ(refused.code, "ValidationException") << json_text(asked);
    EXPECT_THAT(get_string(refused.body, "Message"), HasSubstr(words));
  }
  EXPECT_EQ(send("POST", "/schedules/a%20b", request()).code, "ValidationException");
  EXPECT_EQ(send("POST", "/schedules/" + std::string(65, 'a'), request()).code, "ValidationException");
  EXPECT_EQ(send("GET", "/schedules?MaxResults=0").code, "ValidationException");
  EXPECT_EQ(send("GET", "/schedules?MaxResults=101").code, "ValidationException");
  EXPECT_EQ(send("PATCH", "/schedules/a").status, 404);
  EXPECT_EQ(send("GET", "/schedules/a/b/c").status, 404);
  EXPECT_TRUE(store.kept.empty());
}

TEST_F(SchedulerApiTest, WhatCannotBeKeptIsNotDone) {
  store.broken = true;
  const auto failed = send("POST", "/schedules/a", request());
  EXPECT_EQ(failed.status, 500);
  EXPECT_EQ(failed.code, "InternalServerException");
  store.broken = false;
  EXPECT_EQ(send("GET", "/schedules/a").status, 404);
}

TEST_F(SchedulerApiTest, ADamagedRowIsNamed) {
  store.kept[{"schedule", "default/a"}] = R"({"Name": "a"})";
  const auto opened = Book::open(store, {"us-east-1", "123456789012"});
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("default/a"));
}

TEST_F(SchedulerApiTest, WhoeverFiresThemIsToldOfEveryChange) {
  int told = 0;
  book->on_change([&] { ++told; });
  send("POST", "/schedules/a", request());
  send("PUT", "/schedules/a", request("rate(2 hours)"));
  send("GET", "/schedules/a");
  send("DELETE", "/schedules/a");
  EXPECT_EQ(told, 3);
}

TEST(Keywords, AreReplacedAndWhatIsNoneStays) {
  const Keywords meant{.schedule_arn = "arn",
                       .scheduled_time = *parse_time("2026-11-24T06:00:00.250Z"),
                       .execution_id = "id",
                       .attempt = 2};
  EXPECT_EQ(with_keywords("<aws.scheduler.schedule-arn> <aws.scheduler.scheduled-time> "
                          "<aws.scheduler.execution-id> <aws.scheduler.attempt-number> <aws.scheduler.x> <",
                          meant),
            "arn 2026-11-24T06:00:00Z id 2 <aws.scheduler.x> <");
}

}  // namespace
}  // namespace lamplighter::api
