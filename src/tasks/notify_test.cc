#include "tasks/notify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tasks/topic.h"
#include "tests/support/fake_cloud.h"

namespace lamplighter::tasks {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

class NotifyTask : public testing::Test {
 protected:
  Result<Notified> run(bool again = false) { return notify({cloud_, clock_, again}, task_); }
  void publish_fails_with(const std::string& code) {
    cloud_.errors["Publish"] = {ErrorKind::aws, code, "says AWS"};
  }

  FakeCloud cloud_;
  ManualClock clock_;
  NotifyPayload task_{"mailme",         "us-east-1", "START STATUS: SUCCESS - lower-environments",
                      "All is well.\n", "start-1",   false};
};

TEST_F(NotifyTask, SendsTheMailAsItIs) {
  EXPECT_EQ(run(), (Notified{Sent::yes, "m-1", ""}));
  ASSERT_THAT(cloud_.mails, SizeIs(1));
  EXPECT_EQ(cloud_.mails[0].topic, "arn:aws:sns:us-east-1:123456789012:mailme");
  EXPECT_EQ(cloud_.mails[0].subject, "START STATUS: SUCCESS - lower-environments");
  EXPECT_EQ(cloud_.mails[0].message, "All is well.\n");
}

TEST_F(NotifyTask, AMailThatMayHaveGoneOutBeforeSaysSo) {
  ASSERT_TRUE(run(true));
  task_.repeat = true;
  ASSERT_TRUE(run());
  ASSERT_THAT(cloud_.mails, SizeIs(2));
  for (const auto& mail : cloud_.mails) {
    EXPECT_EQ(mail.subject, "START STATUS: SUCCESS (may be a repeat) - lower-environments");
    EXPECT_THAT(mail.message, StartsWith("This mail may be a repeat: "));
    EXPECT_THAT(mail.message, HasSubstr("All is well."));
  }
}

TEST_F(NotifyTask, WhatIsRefusedForGoodIsAnAnswer) {
  for (const auto* code : {"AuthorizationError", "KMSAccessDenied", "NotFound", "InvalidParameter"}) {
    publish_fails_with(code);
    EXPECT_EQ(run(), (Notified{Sent::no, "", std::string(code) + ": says AWS"}));
  }
  cloud_.errors.clear();
  task_.topic = "nobody";
  EXPECT_THAT(run()->error, HasSubstr("TopicNotFound: no SNS topic is called \"nobody\" in us-east-1"));
}

TEST_F(NotifyTask, WhatPassesIsAnErrorThatTheMachineTriesAgain) {
  for (const auto* code : {"Throttling", "ServiceUnavailable", "ConnectionError"}) {
    publish_fails_with(code);
    ASSERT_FALSE(run()) << code;
    EXPECT_EQ(run().error().code, "ReportNotSent");
    EXPECT_THAT(run().error().message, StartsWith(std::string("to mailme: ") + code));
  }
  cloud_.errors.clear();
  cloud_.errors["ListTopics"] = {ErrorKind::aws, "Throttling", "says AWS"};
  EXPECT_EQ(run().error().code, "ReportNotSent");
}

TEST_F(NotifyTask, AnAnswerThatWasLostIsNoReasonToSendAgain) {
  publish_fails_with("AnswerLost");
  EXPECT_EQ(run(), (Notified{Sent::unknown, "", "AnswerLost: says AWS"}));
  EXPECT_THAT(cloud_.calls_of("Publish"), SizeIs(1));
}

TEST_F(NotifyTask, ReadsAndAnswersAsTheDocumentsSay) {
  const auto payload = to_json(task_);
  EXPECT_EQ(read_notify_payload(payload).value(), task_);
  const auto answer = run_task({cloud_, clock_}, payload).value();
  EXPECT_EQ(answer, (json::object{{"sent", true}, {"message_id", "m-1"}, {"error", ""}}));
  publish_fails_with("AnswerLost");
  EXPECT_EQ(get_string(run_task({cloud_, clock_}, payload).value(), "sent"), "unknown");
  auto bad = payload;
  bad["repeat"] = "yes";
  EXPECT_EQ(run_task({cloud_, clock_}, bad).error().message,
            "payload.repeat: found \"yes\", expected true or false");
}

class TopicWarning : public testing::Test {
 protected:
  std::string of(const std::string& topic) { return topic_warning({cloud_, clock_}, topic, "us-east-1"); }
  FakeCloud cloud_;
  ManualClock clock_;
};

TEST_F(TopicWarning, IsAboutATopicThatIsNotThere) {
  EXPECT_EQ(of("mailme"), "");
  EXPECT_THAT(of("nobody"), HasSubstr("can't be mailed: TopicNotFound: no SNS topic is called \"nobody\""));
  EXPECT_THAT(of("arn:aws:sns:us-east-1:123456789012:nobody"),
              HasSubstr("there is no topic arn:aws:sns:us-east-1:123456789012:nobody (NotFound"));
}

TEST_F(TopicWarning, IsAboutATopicThatNobodyReads) {
  cloud_.subscribers = 0;
  EXPECT_THAT(of("mailme"), HasSubstr("mailme has no confirmed subscription"));
}

TEST_F(TopicWarning, IsSilentAboutWhatItMayNotKnow) {
  cloud_.errors["GetTopicAttributes"] = {ErrorKind::aws, "AuthorizationError", "no"};
  EXPECT_EQ(of("mailme"), "");
  cloud_.errors["ListTopics"] = {ErrorKind::aws, "AuthorizationError", "no"};
  EXPECT_THAT(of("mailme"), HasSubstr("AuthorizationError")) << "then it can't be found, nor be sent to";
}

}  // namespace
}  // namespace lamplighter::tasks
