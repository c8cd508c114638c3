// A schedule that was made through EventBridge Scheduler's API, or that the API shows of a fleet file.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "schedule/occurrence.h"

namespace lamplighter::api {

struct RetryPolicy {
  int attempts = 185;  ///< after the first
  std::chrono::seconds age{86'400};
};

struct ScheduleTarget {
  std::string arn;  ///< a state machine's
  std::string role_arn = {};
  std::optional<std::string> input = {};  ///< JSON text with keywords (keywords.h)
  RetryPolicy retry = {};
};

struct Schedule {
  std::string group = "default";
  std::string name;
  std::string expression;  ///< as it was given
  std::string timezone = "UTC";
  std::optional<Time> start = {};
  std::optional<Time> end = {};
  std::string description = {};
  bool enabled = true;
  std::chrono::minutes window{0};  ///< flexible; 0 for none
  ScheduleTarget target = {};
  bool delete_after_completion = false;
  std::string client_token = {};  ///< of the request that made it
  Time created{};
  Time modified{};
};

struct ScheduleGroup {
  std::string name;
  std::map<std::string, std::string> tags = {};
  Time created{};
  Time modified{};
  std::string client_token = {};
};

/// When it is due. A rate without a start counts from its creation. Its expression and zone must have been
/// read by read_schedule().
schedule::Rule rule_of(const Schedule& schedule);

/// What may only be said of a new one: its start is not over for more than five minutes, and it is due once
/// at least. Error: bad_input "ValidationException".
Status check_moments(const Schedule& schedule, Time now);

}  // namespace lamplighter::api
