// What notify is asked and what it answers (docs/tasks.md), written and read: one message to one recipient,
// and what became of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/json.h"
#include "tasks/protocol/webhook.h"

namespace lamplighter {
class Reader;
}

namespace lamplighter::tasks {

/// The task's name: its payload's member "task".
inline constexpr std::string_view kNotify = "notify";

/// Errors of the task, each tried again by the machine: nothing was sent, and another try may pass…
inline constexpr std::string_view kNotSent = "ReportNotSent";
/// …and a webhook that asks for as long a pause at most, which the machine's Retry keeps.
inline constexpr std::string_view kBusyBriefly = "ReceiverBusyBriefly";
inline constexpr std::string_view kBusy = "ReceiverBusy";
inline constexpr std::chrono::seconds kBriefly{10};
inline constexpr std::chrono::seconds kLongestBusy{60};
/// How often each of these two is tried again.
inline constexpr int kBusyBrieflyRetries = 3;
inline constexpr int kBusyRetries = 1;

/// To a topic, a webhook or a bus: just one of them.
struct NotifyPayload {
  std::string topic;   ///< a name or an ARN; "" for none
  std::string region;  ///< of the topic, or the bus
  std::string subject;
  std::string body;
  std::string execution;
  bool repeat = false;  ///< an earlier task may have sent it
  bool silent = false;  ///< this recipient isn't told of such a thing
  std::optional<Webhook> webhook = std::nullopt;
  std::string bus = {};  ///< EventBridge's, by name or ARN; "" for none
  json::object facts{};  ///< what happened, for programs (docs/notify.md); empty for mails

  friend bool operator==(const NotifyPayload&, const NotifyPayload&) = default;
};

enum class Sent { no, yes, unknown };

/// What became of a message.
struct Notified {
  Sent sent = Sent::no;
  std::string message_id;  ///< where it was sent to a topic
  std::string error;       ///< where it was not, or where nobody knows; "" where none was to go out
  std::string to = {};     ///< whom: "sns:mailme", "webhook:env:SLACK_URL", "eventbridge:default"

  /// Whether one was to go out, and didn't, or nobody knows.
  [[nodiscard]] bool is_trouble() const { return sent != Sent::yes && !error.empty(); }

  friend bool operator==(const Notified&, const Notified&) = default;
};

/// "the report was not sent to sns:mailme: NotFound: …", of one that is trouble.
std::string trouble_words(const Notified& notified);

json::object to_json(const NotifyPayload& payload);
/// {"sent": true | false | "unknown", "message_id", "error"}.
json::object to_json(const Notified& notified);

/// Error: bad_input kInvalidPayload (kInvalidAnswer) that names the member, what was found and what was
/// expected.
Result<NotifyPayload> read_notify_payload(const json::value& payload);
Result<Notified> read_notified(const Reader& fields);

}  // namespace lamplighter::tasks
