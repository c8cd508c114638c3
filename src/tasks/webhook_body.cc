#include "tasks/webhook_body.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/plain_text.h"
#include "base/utf8.h"

namespace lamplighter::tasks {
namespace {

constexpr int kVersion = 1;
// Slack's limits, of a header (150) and of a section (3,000 characters).
constexpr std::size_t kSlackHeader = 150;
constexpr std::size_t kSlackText = 2'800;
// Teams takes messages of 28 KB, of which a line of the card is some 130 bytes.
constexpr std::size_t kTeamsText = 9'000;
constexpr std::size_t kTeamsLines = 80;
constexpr std::string_view kMore = "… (the execution's history has the rest)";

/// The first lines of `text`, within `bytes` and `lines`.
std::string first_lines(const std::string& text, std::size_t bytes, std::size_t lines = std::string::npos) {
  std::size_t end = 0;
  for (std::size_t line = 0; line < lines && end < text.size(); ++line) {
    const auto next = std::min(text.find('\n', end), text.size() - 1) + 1;
    if (next > bytes) break;
    end = next;
  }
  if (end == text.size()) return text;
  if (end == 0) end = valid_utf8_prefix(std::string_view(text).substr(0, bytes));
  return text.substr(0, end) + (text[end - 1] == '\n' ? "" : "\n") + std::string(kMore);
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

/// Slack reads &, < and > as its own: <!channel> would call everybody.
std::string for_slack(const std::string& text) {
  return replaced(replaced(replaced(text, "&", "&amp;"), "<", "&lt;"), ">", "&gt;");
}

/// A block that is shown as it is, whatever stands in it.
std::string slack_block(const std::string& body) {
  const std::string text = replaced(body, "```", "'''");
  std::size_t bytes = kSlackText;
  std::string shown = for_slack(first_lines(text, bytes));
  while (shown.size() > kSlackText + kMore.size() + 1 && bytes > 1) {
    bytes /= 2;
    shown = for_slack(first_lines(text, bytes));
  }
  return "```\n" + shown + "\n```";
}

json::object slack(const std::string& subject, const std::string& body) {
  const json::object header{
      {"type", "header"},
      {"text", {{"type", "plain_text"}, {"text", subject.substr(0, kSlackHeader)}, {"emoji", false}}}};
  const json::object text{{"type", "section"},
                          {"text", {{"type", "mrkdwn"}, {"text", slack_block(body)}, {"verbatim", true}}}};
  return {{"text", for_slack(subject)}, {"blocks", json::array{header, text}}};
}

/// Runs of text are shown as they are: a TextBlock would read Markdown.
json::object teams_line(const std::string& text, bool is_heading) {
  json::object run{{"type", "TextRun"}, {"text", text.empty() ? " " : text}};
  if (is_heading) {
    run["size"] = "Large";
    run["weight"] = "Bolder";
  } else {
    run["fontType"] = "Monospace";
  }
  json::object line{{"type", "RichTextBlock"}, {"inlines", json::array{std::move(run)}}};
  if (!is_heading) line["spacing"] = "None";
  return line;
}

json::object teams(const std::string& subject, const std::string& body) {
  json::array lines{teams_line(subject, true)};
  const std::string shown = first_lines(body, kTeamsText, kTeamsLines);
  for (std::size_t begin = 0; begin < shown.size();) {
    const auto end = std::min(shown.find('\n', begin), shown.size());
    lines.push_back(teams_line(shown.substr(begin, end - begin), false));
    begin = end + 1;
  }
  json::object card{{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
                    {"type", "AdaptiveCard"},
                    {"version", "1.4"},
                    {"msteams", {{"width", "Full"}}},
                    {"fallbackText", subject},
                    {"body", std::move(lines)}};
  return {{"type", "message"},
          {"attachments", json::array{json::object{{"contentType", "application/vnd.microsoft.card.adaptive"},
                                                   {"contentUrl", nullptr},
                                                   {"content", std::move(card)}}}}};
}

json::object report(const NotifyPayload& task) {
  json::object body{{"version", kVersion}};
  for (const auto& [name, value] : task.facts) body[name] = value;
  body["subject"] = task.subject;
  body["text"] = task.body;
  body["execution"] = task.execution;
  body["repeat"] = task.repeat;
  return body;
}

}  // namespace

std::string webhook_body(const NotifyPayload& task) {
  const std::string subject = plain_line(task.subject);
  const std::string text = plain_text(task.body);
  switch (task.webhook->format) {
    case WebhookFormat::slack:
      return json_text(slack(subject, text));
    case WebhookFormat::teams:
      return json_text(teams(subject, text));
    case WebhookFormat::json:
      return json_text(report(task));
  }
  return "";
}

}  // namespace lamplighter::tasks
