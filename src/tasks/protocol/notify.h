// What notify is asked and what it answers (docs/tasks.md), written and read: one mail, and what became of
// it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "json/json.h"

namespace lamplighter {
class Reader;
}

namespace lamplighter::tasks {

/// The task's name: its payload's member "task".
inline constexpr std::string_view kNotify = "notify";

struct NotifyPayload {
  std::string topic;  ///< a name or an ARN
  std::string region;
  std::string subject;
  std::string body;
  std::string execution;
  bool repeat = false;  ///< an earlier task may have sent it
  bool silent = false;  ///< nothing was done, as somebody decided: nobody is told

  friend bool operator==(const NotifyPayload&, const NotifyPayload&) = default;
};

enum class Sent { no, yes, unknown };

/// What became of a mail.
struct Notified {
  Sent sent = Sent::no;
  std::string message_id;  ///< where it was sent
  std::string error;       ///< where it was not, or where nobody knows; "" where none was to go out

  /// Whether one was to go out, and didn't, or nobody knows.
  [[nodiscard]] bool is_trouble() const { return sent != Sent::yes && !error.empty(); }

  friend bool operator==(const Notified&, const Notified&) = default;
};

json::object to_json(const NotifyPayload& payload);
/// {"sent": true | false | "unknown", "message_id", "error"}.
json::object to_json(const Notified& notified);

/// Error: bad_input kInvalidPayload (kInvalidAnswer) that names the member, what was found and what was
/// expected.
Result<NotifyPayload> read_notify_payload(const json::value& payload);
Result<Notified> read_notified(const Reader& fields);

}  // namespace lamplighter::tasks
