#include "tasks/notify_topic.h"

#include <fmt/format.h>

#include "aws/services/sns.h"
#include "tasks/refusal.h"

namespace lamplighter::tasks {
namespace {

constexpr std::string_view kBodyMark =
    "This mail may be a repeat: the process that sent it ended before it knew whether it had gone out.\n\n";

/// Where nothing went out.
Result<Notified> not_sent(const NotifyPayload& task, const Error& error) {
  if (aws::undelivered_by(error) != aws::Undelivered::passing) return Notified{Sent::no, "", describe(error)};
  return fail(ErrorKind::aws, std::string(kNotSent), fmt::format("to {}: {}", task.topic, describe(error)));
}

}  // namespace

Result<Notified> notify_topic(const Context& context, const NotifyPayload& task) {
  aws::Sns sns(context.caller, {task.region, ""});
  const auto topic = sns.find_topic(task.topic);
  if (!topic) return not_sent(task, topic.error());
  const auto message_id =
      sns.publish(*topic, task.subject, (task.repeat ? std::string(kBodyMark) : "") + task.body);
  if (message_id) return Notified{Sent::yes, *message_id, ""};
  const auto& error = message_id.error();
  const bool unknown = aws::undelivered_by(error) == aws::Undelivered::unknown;
  return unknown ? Notified{Sent::unknown, "", describe(error)} : not_sent(task, error);
}

}  // namespace lamplighter::tasks
