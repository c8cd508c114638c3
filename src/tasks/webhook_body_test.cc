#include "tasks/webhook_body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::tasks {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

json::value body_of(WebhookFormat format, const std::string& subject, const std::string& body) {
  NotifyPayload task;
  task.webhook = Webhook{{}, format, {}};
  task.subject = subject;
  task.body = body;
  return parse_json(webhook_body(task)).value();
}

std::string slack_text(const std::string& body) {
  return get_string(body_of(WebhookFormat::slack, "s", body).at("blocks").at(1).at("text"), "text");
}

TEST(WebhookBody, SlackReadsNothingOfItAsItsOwn) {
  const auto body = body_of(WebhookFormat::slack, "<!channel> A & B", "dev <!here> & ``` *x*\n");
  EXPECT_EQ(body.at("text"), "&lt;!channel&gt; A &amp; B");
  EXPECT_EQ(body.at("blocks").at(0).at("text").at("text"), "<!channel> A & B")
      << "plain text, shown as it is";
  EXPECT_EQ(body.at("blocks").at(1).at("text").at("text"), "```\ndev &lt;!here&gt; &amp; ''' *x*\n\n```");
}

TEST(WebhookBody, SlackTakesThreeThousandCharactersAndNotAHalfOfOne) {
  for (const std::string& line : {std::string("a line of a mail\n"), std::string("<<<<<<<<<<<<<<<<<<<<\n"),
                                  std::string("ä"), std::string("&")}) {
    std::string text;
    while (text.size() < 100'000) text += line;
    const std::string shown = slack_text(text);
    EXPECT_LE(shown.size(), 3'000U) << line;
    EXPECT_THAT(shown, AllOf(StartsWith("```\n"), EndsWith("(the execution's history has the rest)\n```")))
        << line;
  }
}

TEST(WebhookBody, TeamsGetsACardOfPlainLines) {
  const auto body = body_of(WebhookFormat::teams, "START **x**", "dev: ready\n\n[link](https://x)\n");
  EXPECT_EQ(body.at("type"), "message");
  const auto& attachment = body.at("attachments").at(0);
  EXPECT_EQ(attachment.at("contentType"), "application/vnd.microsoft.card.adaptive");
  const auto& lines = attachment.at("content").at("body").as_array();
  ASSERT_EQ(lines.size(), 4U);
  for (const auto& line : lines) EXPECT_EQ(line.at("type"), "RichTextBlock") << "no Markdown is read in it";
  EXPECT_EQ(lines[0].at("inlines").at(0).at("text"), "START **x**");
  EXPECT_EQ(lines[3].at("inlines").at(0).at("text"), "[link](https://x)");
}

TEST(WebhookBody, TeamsTakes28Kilobytes) {
  for (const std::string& line :
       {std::string("x\n"), std::string(200, 'x') + "\n", std::string(50'000, '"')}) {
    std::string text;
    while (text.size() < 100'000) text += line;
    const std::string card = json_text(body_of(WebhookFormat::teams, "s", text));
    EXPECT_LT(card.size(), 28'000U);
    EXPECT_THAT(card, HasSubstr("history has the rest"));
  }
}

TEST(WebhookBody, NoControlCharacterGoesThrough) {
  for (const auto format : {WebhookFormat::slack, WebhookFormat::teams}) {
    EXPECT_THAT(json_text(body_of(format, "a\x1b[31m", "b\x1b[0m\n")), Not(HasSubstr("\\u001b")));
  }
}

}  // namespace
}  // namespace lamplighter::tasks
