#include "tasks/notify.h"

#include <algorithm>

#include <fmt/format.h>

#include "aws/services/sns.h"
#include "tasks/refusal.h"

namespace lamplighter::tasks {
namespace {

constexpr std::string_view kSubjectMark = " (may be a repeat)";
constexpr std::string_view kBodyMark =
    "This mail may be a repeat: the process that sent it ended before it knew whether it had gone out.\n\n";

/// "START STATUS: SUCCESS (may be a repeat) - lower-environments": beginning and end stay what filters know.
std::string marked(std::string subject) {
  return subject.insert(std::min(subject.find(" - "), subject.size()), kSubjectMark);
}

/// Where nothing went out.
Result<Notified> not_sent(const NotifyPayload& task, const Error& error) {
  if (aws::undelivered_by(error) != aws::Undelivered::passing) return Notified{Sent::no, "", describe(error)};
  return fail(ErrorKind::aws, "ReportNotSent", fmt::format("to {}: {}", task.topic, describe(error)));
}

}  // namespace

Result<Notified> notify(const Context& context, const NotifyPayload& task) {
  if (task.silent) return Notified{};
  aws::Sns sns(context.caller, {task.region, ""});
  const auto topic = sns.find_topic(task.topic);
  if (!topic) return not_sent(task, topic.error());
  const bool repeat = task.repeat || context.again;
  const auto message_id = sns.publish(*topic, repeat ? marked(task.subject) : task.subject,
                                      (repeat ? std::string(kBodyMark) : "") + task.body);
  if (message_id) return Notified{Sent::yes, *message_id, ""};
  const auto& error = message_id.error();
  const bool unknown = aws::undelivered_by(error) == aws::Undelivered::unknown;
  return unknown ? Notified{Sent::unknown, "", describe(error)} : not_sent(task, error);
}

}  // namespace lamplighter::tasks
