#include "tasks/protocol/notify.h"

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

}  // namespace

json::object to_json(const NotifyPayload& payload) {
  return {{"task", kNotify},          {"topic", payload.topic},
          {"region", payload.region}, {"subject", payload.subject},
          {"body", payload.body},     {"execution", payload.execution},
          {"repeat", payload.repeat}, {"silent", payload.silent}};
}

json::object to_json(const Notified& notified) {
  return {{"sent", to_json(notified.sent)}, {"message_id", notified.message_id}, {"error", notified.error}};
}

Result<NotifyPayload> read_notify_payload(const json::value& payload) {
  const auto fields = TRY(Reader::of(payload, "payload", kInvalidPayload));
  NotifyPayload task;
  task.topic = TRY(fields.nonempty_text("topic"));
  task.region = TRY(fields.nonempty_text("region"));
  task.subject = TRY(fields.nonempty_text("subject"));
  task.body = TRY(fields.nonempty_text("body"));
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
  return notified;
}

}  // namespace lamplighter::tasks
