#include "tasks/protocol/notify.h"

#include <fmt/format.h>

#include "json/reader.h"
#include "tasks/protocol/payload.h"

namespace lamplighter::tasks {
namespace {

constexpr std::string_view kUnknown = "unknown";

json::value to_json(Sent sent) {
  return sent == Sent::unknown ? json::value(kUnknown) : json::value(sent == Sent::yes);
}

Result<Sent> read_sent(const Reader& fields) {
  const auto* sent = fields.find("sent");
  if (sent && sent->is_bool()) return sent->get_bool() ? Sent::yes : Sent::no;
  if (sent && *sent == json::value(kUnknown)) return Sent::unknown;
  return fields.unexpected("sent", "true, false or \"unknown\"");
}

Status read_recipient(const Reader& fields, NotifyPayload& task) {
  task.region = TRY(fields.optional_text("region"));
  if (fields.find("webhook") != nullptr) {
    task.webhook = TRY(read_webhook(TRY(fields.object("webhook"))));
    return {};
  }
  task.bus = TRY(fields.optional_text("bus"));
  if (task.bus.empty()) task.topic = TRY(fields.nonempty_text("topic"));
  TRY(fields.nonempty_text("region"));
  return {};
}

}  // namespace

std::string trouble_words(const Notified& notified) {
  const std::string_view what =
      notified.sent == Sent::no ? "the report was not sent" : "nobody knows whether the report was sent";
  // A mail's is what people mean by the report; whoever else is told is named.
  const bool is_mail = notified.to.empty() || notified.to.starts_with("sns:");
  return fmt::format("{}{}{}: {}", what, is_mail ? "" : " to ", is_mail ? "" : notified.to, notified.error);
}

json::object to_json(const NotifyPayload& payload) {
  json::object object{{"task", kNotify}};
  if (!payload.topic.empty()) object["topic"] = payload.topic;
  if (payload.webhook) object["webhook"] = to_json(*payload.webhook);
  if (!payload.bus.empty()) object["bus"] = payload.bus;
  if (!payload.region.empty()) object["region"] = payload.region;
  object["subject"] = payload.subject;
  object["body"] = payload.body;
  if (!payload.facts.empty()) object["facts"] = payload.facts;
  object["execution"] = payload.execution;
  object["repeat"] = payload.repeat;
  object["silent"] = payload.silent;
  return object;
}

json::object to_json(const Notified& notified) {
  return {{"sent", to_json(notified.sent)}, {"message_id", notified.message_id}, {"error", notified.error}};
}

Result<NotifyPayload> read_notify_payload(const json::value& payload) {
  const auto fields = TRY(Reader::of(payload, "payload", kInvalidPayload));
  NotifyPayload task;
  CHECK_OK(read_recipient(fields, task));
  task.subject = TRY(fields.nonempty_text("subject"));
  task.body = TRY(fields.nonempty_text("body"));
  if (fields.find("facts") != nullptr) task.facts = TRY(fields.object("facts")).members();
  task.execution = TRY(fields.optional_text("execution"));
  if (fields.find("repeat") != nullptr) task.repeat = TRY(fields.truth("repeat"));
  if (fields.find("silent") != nullptr) task.silent = TRY(fields.truth("silent"));
  return task;
}

Result<Notified> read_notified(const Reader& fields) {
  Notified notified;
  notified.sent = TRY(read_sent(fields));
  notified.message_id = TRY(fields.optional_text("message_id"));
  notified.error = TRY(fields.optional_text("error"));
  notified.to = TRY(fields.optional_text("to"));
  return notified;
}

}  // namespace lamplighter::tasks
