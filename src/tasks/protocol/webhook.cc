#include "tasks/protocol/webhook.h"

#include <array>

#include "json/reader.h"

namespace lamplighter::tasks {
namespace {

constexpr std::array kFormats{WebhookFormat::slack, WebhookFormat::teams, WebhookFormat::json};

Result<WebhookFormat> read_format(const Reader& fields) {
  const auto word = TRY(fields.text("format"));
  for (const auto format : kFormats) {
    if (to_string(format) == word) return format;
  }
  return fields.unexpected("format", R"("slack", "teams" or "json")");
}

}  // namespace

std::string_view to_string(WebhookFormat format) {
  switch (format) {
    case WebhookFormat::slack:
      return "slack";
    case WebhookFormat::teams:
      return "teams";
    case WebhookFormat::json:
      return "json";
  }
  return "";
}

json::object to_json(const Webhook& webhook) {
  json::object object{{"url", to_json(webhook.url)}, {"format", to_string(webhook.format)}};
  if (!webhook.secret.is_none()) object["secret"] = to_json(webhook.secret);
  object["timeout"] = webhook.timeout.count();
  if (!webhook.region.empty()) object["region"] = webhook.region;
  return object;
}

Result<Webhook> read_webhook(const Reader& fields) {
  Webhook webhook;
  webhook.url = TRY(read_secret_source(TRY(fields.object("url"))));
  webhook.format = TRY(read_format(fields));
  if (fields.find("secret") != nullptr)
    webhook.secret = TRY(read_secret_source(TRY(fields.object("secret"))));
  webhook.timeout = std::chrono::seconds(TRY(fields.whole_number("timeout", 1, kMostWebhookTimeout.count())));
  webhook.region = TRY(fields.optional_text("region"));
  return webhook;
}

}  // namespace lamplighter::tasks
