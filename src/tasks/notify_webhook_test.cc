#include "tasks/notify_webhook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hash.h"
#include "tasks/notify.h"
#include "tasks/outside.h"
#include "tests/support/fake_aws.h"
#include "tests/support/fake_cloud.h"

namespace lamplighter::tasks {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::SizeIs;
using testing::StartsWith;

constexpr const char* kUrl = "https://hooks.example.com/services/T0/B0/canary";

class WebhookTask : public testing::Test {
 protected:
  WebhookTask() {
    host_.variables["HOOK"] = kUrl;
    task_.subject = "START STATUS: SUCCESS - lower-environments";
    task_.body = "dev: ready\n";
    task_.execution = "start-1";
    task_.webhook = Webhook{{SecretSource::Kind::env, "HOOK"}, WebhookFormat::json, {}};
    task_.facts = {{"kind", "report"}, {"status", "SUCCEEDED"}};
  }
  Result<Notified> run(bool again = false) {
    return notify({.caller = cloud_, .clock = clock_, .again = again, .outside = &outside_}, task_);
  }
  Result<Notified> answered(int status, http::Headers headers = {}) {
    web_.answer(status, "canary of the answer", std::move(headers));
    return run();
  }

  FakeCloud cloud_;
  ManualClock clock_{*parse_time("2026-11-27T20:00:00Z")};
  aws::FakeHost host_;
  aws::FakeTransport web_;
  Outside outside_{web_, host_};
  NotifyPayload task_;
};

TEST_F(WebhookTask, PostsTheReportOnce) {
  EXPECT_EQ(answered(200), (Notified{Sent::yes, "", ""}));
  ASSERT_THAT(web_.requests, SizeIs(1));
  const auto& request = web_.requests.front();
  EXPECT_EQ(request.url, kUrl);
  EXPECT_EQ(request.method, "POST");
  EXPECT_TRUE(request.once);
  EXPECT_EQ(request.timeout, std::chrono::seconds(10));
  EXPECT_THAT(request.headers, Not(Contains(Pair("X-Lamplighter-Signature", testing::_))));
  const json::value body = parse_json(request.body).value();
  EXPECT_EQ(body.at("status"), "SUCCEEDED");
  EXPECT_EQ(body.at("text"), "dev: ready\n");
  EXPECT_EQ(body.at("repeat"), false);
}

TEST_F(WebhookTask, SignsTimeAndBodyByTheSecret) {
  host_.files["/etc/secret"] = " s3cret\n";
  task_.webhook->secret = {SecretSource::Kind::file, "/etc/secret"};
  ASSERT_TRUE(answered(204));
  const auto& request = web_.requests.front();
  EXPECT_THAT(request.headers, Contains(Pair("X-Lamplighter-Timestamp", "1795809600")));
  EXPECT_THAT(request.headers,
              Contains(Pair("X-Lamplighter-Signature",
                            "v1=" + to_hex(hmac_sha256("s3cret", "v1:1795809600:" + request.body)))));
  host_.files.clear();
  EXPECT_EQ(
      run()->error,
      "the webhook of the variable HOOK can't be told: it has no secret (NoSecret: the file /etc/secret "
      "is not there)");
}

TEST_F(WebhookTask, WhatMayHaveBeenSentSaysSo) {
  web_.answer(200, "");
  ASSERT_TRUE(run(true));
  const json::value body = parse_json(web_.requests.front().body).value();
  EXPECT_EQ(body.at("repeat"), true);
  EXPECT_EQ(body.at("subject"), "START STATUS: SUCCESS (may be a repeat) - lower-environments");
}

TEST_F(WebhookTask, IsNotToldOfWhatItDidNotAskFor) {
  task_.silent = true;
  EXPECT_EQ(run(), Notified{});
  EXPECT_THAT(web_.requests, IsEmpty());
}

TEST_F(WebhookTask, GoesToHttpsOrToThisMachineOnly) {
  for (const auto* url : {"http://example.com/x", "ftp://example.com/x", "https://", "hooks.example.com/x",
                          "https://a@example.com/x", "https://example.com/a b", "https://example.com/\x01"}) {
    host_.variables["HOOK"] = url;
    EXPECT_EQ(run()->sent, Sent::no) << url;
    EXPECT_THAT(run()->error,
                AllOf(StartsWith("the webhook of the variable HOOK "), Not(HasSubstr("example"))));
  }
  EXPECT_THAT(web_.requests, IsEmpty());
  for (const auto* url : {"http://127.0.0.1:8080/x", "http://localhost/x", "https://10.0.0.1/x"}) {
    host_.variables["HOOK"] = url;
    EXPECT_EQ(answered(200)->sent, Sent::yes) << url;
  }
  host_.variables.clear();
  EXPECT_THAT(run()->error, HasSubstr("it has no URL (NoSecret: the variable HOOK is not set)"));
}

TEST_F(WebhookTask, ARefusalIsAnAnswerAndNeverSaysTheUrl) {
  for (const int status : {302, 307, 400, 404, 410, 500}) {
    const auto told = answered(status, {{"Location", "https://canary.example.com"}});
    ASSERT_TRUE(told) << status;
    EXPECT_EQ(told->sent, Sent::no);
    EXPECT_THAT(told->error, AllOf(HasSubstr(std::to_string(status)), Not(HasSubstr("canary"))));
  }
  EXPECT_THAT(web_.requests, SizeIs(6)) << "no redirect is followed";
}

TEST_F(WebhookTask, WhoIsBusyIsTriedAgainAfterAsLongAsItAsksForAMinuteAtMost) {
  struct Row {
    int status;
    std::string retry_after;
    std::string_view code;  // "" for an answer
  };
  for (const Row& row : std::vector<Row>{{429, "", kBusyBriefly},
                                         {503, "10", kBusyBriefly},
                                         {429, "11", kBusy},
                                         {429, "60", kBusy},
                                         {429, "61", ""},
                                         {429, "999999999999", ""},
                                         {503, "Fri, 27 Nov 2026 20:00:30 GMT", kBusy},
                                         {503, "nonsense", kBusyBriefly},
                                         {503, "-5", kBusyBriefly}}) {
    http::Headers headers;
    if (!row.retry_after.empty()) headers.emplace_back("Retry-After", row.retry_after);
    const auto told = answered(row.status, headers);
    EXPECT_EQ(told ? "" : told.error().code, row.code) << row.retry_after;
    if (told) {
      EXPECT_THAT(told->error, HasSubstr("at most 60 s are waited for"));
    }
  }
}

TEST_F(WebhookTask, WhatIsLostIsNotSentAgainAndWhatNeverWentOutIs) {
  web_.lose("AnswerLost");
  EXPECT_EQ(run()->sent, Sent::unknown);
  EXPECT_EQ(answered(502)->sent, Sent::unknown);
  EXPECT_EQ(answered(504)->sent, Sent::unknown);
  for (const auto* code : {"ConnectionError", "RequestTimeout"}) {
    web_.script.emplace_back(fail(ErrorKind::aws, code, std::string(kUrl) + ": refused"));
    const auto told = run();
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().code, kNotSent);
    EXPECT_THAT(told.error().message, Not(HasSubstr("example")));
  }
}

TEST_F(WebhookTask, PayloadsSayWhereSecretsStand) {
  task_.webhook->secret = {SecretSource::Kind::ssm, "/lamplighter/key"};
  task_.webhook->region = "eu-west-1";
  const auto payload = to_json(task_);
  EXPECT_EQ(read_notify_payload(payload).value(), task_);
  EXPECT_EQ(json_text(payload.at("webhook")),
            R"({"url":{"env":"HOOK"},"format":"json","secret":{"ssm":"/lamplighter/key"},"timeout":10,)"
            R"("region":"eu-west-1"})");
  auto bad = payload;
  bad["webhook"].as_object()["url"] = json::object{{"http", "x"}};
  EXPECT_THAT(read_notify_payload(bad).error().message, HasSubstr("one of env, file and ssm"));
}

}  // namespace
}  // namespace lamplighter::tasks
