#include "tasks/notify.h"

#include <algorithm>

#include "tasks/notify_bus.h"
#include "tasks/notify_topic.h"
#include "tasks/notify_webhook.h"

namespace lamplighter::tasks {

Result<Notified> notify(const Context& context, const NotifyPayload& told) {
  if (told.silent) return Notified{};
  NotifyPayload task = told;
  task.repeat = told.repeat || context.again;
  if (task.repeat) task.subject = marked_as_repeat(std::move(task.subject));
  if (task.webhook) return notify_webhook(context, task);
  return task.bus.empty() ? notify_topic(context, task) : notify_bus(context, task);
}

std::string marked_as_repeat(std::string subject) {
  return subject.insert(std::min(subject.find(" - "), subject.size()), " (may be a repeat)");
}

}  // namespace lamplighter::tasks
