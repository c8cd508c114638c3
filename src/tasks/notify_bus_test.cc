#include "tasks/notify_bus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/client/session.h"
#include "tasks/notify.h"
#include "tests/support/fake_aws.h"

namespace lamplighter::tasks {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

json::object environment(const std::string& name, const std::string& status) {
  return {{"name", name}, {"status", status}, {"phase", ""}, {"reason", ""}};
}

class BusTask : public testing::Test {
 protected:
  BusTask() {
    task_.bus = "ops";
    task_.region = "eu-west-1";
    task_.subject = "s";
    task_.body = "b";
    task_.execution = "start-1";
    task_.facts = {{"kind", "report"},
                   {"fleet", "f"},
                   {"action", "stop"},
                   {"environments", json::array{environment("dev", "ready"), environment("test", "halted"),
                                                environment("qa", "skipped")}}};
    aws::SessionOptions options;
    options.credentials = aws::Credentials{"AKIA", "secret", ""};
    session_ = aws::Session::make(options, host_, transport_, clock_).value();
  }
  Result<Notified> run() { return notify({*session_, clock_}, task_); }
  void all_are_taken(std::size_t count) {
    json::array entries(count, json::object{{"EventId", "e"}});
    transport_.answer(200, json_text(json::object{{"FailedEntryCount", 0}, {"Entries", entries}}));
  }

  aws::FakeHost host_;
  aws::FakeTransport transport_;
  ManualClock clock_{*parse_time("2026-11-27T20:00:00Z")};
  std::unique_ptr<aws::Session> session_;
  NotifyPayload task_;
};

TEST_F(BusTask, PutsAnEventAChangeOfAnEnvironment) {
  all_are_taken(3);
  EXPECT_EQ(run(), (Notified{Sent::yes, "", ""}));
  ASSERT_THAT(transport_.requests, SizeIs(1));
  const auto& request = transport_.requests.front();
  EXPECT_THAT(request.url, HasSubstr("events.eu-west-1.amazonaws.com"));
  EXPECT_EQ(http::header(request.headers, "X-Amz-Target"), "AWSEvents.PutEvents");
  EXPECT_EQ(http::header(request.headers, "Content-Type"), "application/x-amz-json-1.1");
  const json::value body = parse_json(request.body).value();
  const auto& entries = body.at("Entries").as_array();
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].at("EventBusName"), "ops");
  EXPECT_EQ(entries[0].at("Source"), "lamplighter");
  EXPECT_EQ(entries[0].at("DetailType"), "Lamplighter environment stopped");
  EXPECT_EQ(entries[1].at("DetailType"), "Lamplighter environment halted");
  EXPECT_EQ(entries[2].at("DetailType"), "Lamplighter environment skipped");
  const json::value detail = parse_json(get_string(entries[1], "Detail")).value();
  EXPECT_EQ(json_text(detail),
            R"({"version":"1","kind":"report","fleet":"f","action":"stop","environment":"test",)"
            R"("status":"halted","phase":"","reason":"","execution":"start-1","repeat":false})");
}

TEST_F(BusTask, AStartsEventsSayStarted) {
  task_.facts["action"] = "start";
  EXPECT_EQ(events_of(task_).at(0).detail_type, "Lamplighter environment started");
  task_.facts["environments"] = json::array{environment("dev", "warned")};
  EXPECT_EQ(events_of(task_).at(0).detail_type, "Lamplighter environment warned");
  task_.facts = {{"kind", "missed"}, {"occurrences", json::array{json::object{{"schedule", "mornings"}}}}};
  ASSERT_THAT(events_of(task_), SizeIs(1));
  EXPECT_EQ(events_of(task_)[0].detail_type, "Lamplighter occurrence missed");
  EXPECT_EQ(events_of(task_)[0].detail.at("schedule"), "mornings");
}

TEST_F(BusTask, TenAtATime) {
  json::array many;
  for (int i = 0; i < 23; ++i) many.push_back(environment("env" + std::to_string(i), "ready"));
  task_.facts["environments"] = many;
  for (const std::size_t count : {10U, 10U, 3U}) all_are_taken(count);
  EXPECT_EQ(run()->sent, Sent::yes);
  EXPECT_THAT(transport_.requests, SizeIs(3));
}

TEST_F(BusTask, AnEventThatIsRefusedIsAnError) {
  transport_.answer(200,
                    R"({"FailedEntryCount":1,"Entries":[{"EventId":"1"},{"ErrorCode":"ThrottlingException",)"
                    R"("ErrorMessage":"slow"},{"EventId":"2"}]})");
  EXPECT_EQ(run(), (Notified{Sent::no, "", "1 of 3 events were refused: ThrottlingException: slow"}));
  transport_.answer(200, R"({"FailedEntryCount":0,"Entries":[]})");
  EXPECT_EQ(run()->sent, Sent::unknown) << "an answer about nothing is none";
}

TEST_F(BusTask, WhatNeverWentOutIsTriedAgainAndWhatIsLostIsNot) {
  for (int i = 0; i < 3; ++i) transport_.lose("ConnectionError");
  EXPECT_EQ(run().error().code, kNotSent);
  transport_.lose("AnswerLost");
  EXPECT_EQ(run()->sent, Sent::unknown);
  transport_.answer(400, R"({"__type":"AccessDeniedException","message":"no"})");
  EXPECT_THAT(run()->error, HasSubstr("AccessDeniedException"));
  EXPECT_EQ(run().has_value(), true) << "the script has ended: an error that isn't known is an answer";
}

}  // namespace
}  // namespace lamplighter::tasks
