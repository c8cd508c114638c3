// The words in a schedule's input that stand for what is only known when it is due.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"

namespace lamplighter::api {

struct Keywords {
  std::string schedule_arn;  ///< <aws.scheduler.schedule-arn>
  Time scheduled_time{};     ///< <aws.scheduler.scheduled-time>: "2026-11-24T06:00:00Z"
  std::string execution_id;  ///< <aws.scheduler.execution-id>
  int attempt = 1;           ///< <aws.scheduler.attempt-number>
};

/// The input with its keywords replaced. (User guide, "Adding context attributes".)
std::string with_keywords(std::string_view input, const Keywords& keywords);

}  // namespace lamplighter::api
