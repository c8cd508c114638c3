// The topic that a report goes to, looked at before a run.
#pragma once

#include <string>

#include "tasks/task.h"

namespace lamplighter::tasks {

/// What would keep the report from its readers, as far as that can be known without publishing: a topic that
/// isn't there, or that nobody is subscribed to. One sentence; "" where nothing is known to be wrong.
std::string topic_warning(const Context& context, const std::string& topic, const std::string& region);

}  // namespace lamplighter::tasks
