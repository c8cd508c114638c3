#include "tasks/topic.h"

#include <fmt/format.h>

#include "aws/services/sns.h"
#include "tasks/refusal.h"

namespace lamplighter::tasks {
namespace {

/// Whoever may publish need not be allowed to read a topic's attributes: that says nothing.
bool is_gone(const Error& error) { return error.code == "NotFound" || error.code == "InvalidParameter"; }

std::string nobody_is_subscribed(const std::string& topic, const aws::Topic& found) {
  if (found.confirmed > 0) return "";
  return fmt::format("the report's topic {} has no confirmed subscription{}: nobody gets the mail", topic,
                     found.pending > 0 ? fmt::format(" ({} not confirmed)", found.pending) : "");
}

}  // namespace

std::string topic_warning(const Context& context, const std::string& topic, const std::string& region) {
  aws::Sns sns(context.caller, {region, ""});
  const auto arn = sns.find_topic(topic);
  if (!arn) return fmt::format("the report can't be mailed: {}", describe(arn.error()));
  const auto found = sns.get_topic(*arn);
  if (found) return nobody_is_subscribed(topic, *found);
  if (!is_gone(found.error())) return "";
  return fmt::format("the report can't be mailed: there is no topic {} ({})", topic, describe(found.error()));
}

}  // namespace lamplighter::tasks
