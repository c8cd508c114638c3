// EventBridge Scheduler's API, version 2021-06-30: schedules, read, and such as are due once, made. The same
// calls reach AWS and `lamplighter serve`.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/client/rest_call.h"
#include "base/clock.h"

namespace lamplighter::aws {

/// Calls of one region and role. Keeps a reference to `caller`; cheap to make. Errors: the caller's, with the
/// API's exception names, and "InvalidResponse".
class Scheduler {
 public:
  Scheduler(RestCaller& caller, Target target) : caller_(caller), target_(std::move(target)) {}

  struct Schedule {
    std::string group;
    std::string name;
    std::string expression;
    std::string timezone;
    std::optional<Time> start;
    std::optional<Time> end;
    bool enabled = true;
    std::chrono::minutes window{0};  ///< flexible; 0 for none
    std::string target_arn;
    std::string role_arn;
    std::string undelivered;  ///< the ARN of the queue for what could not be delivered; "" for none
    std::string input;        ///< JSON text with keywords; "" where the service's own is sent
    Time created{};
  };

  /// What a list says of a schedule.
  struct Name {
    std::string group;
    std::string name;
  };

  /// Of one group, of all where it is "".
  Result<std::vector<Name>> list(const std::string& group);
  Result<Schedule> get(const Name& schedule);

  /// One that is due once, and goes then.
  struct Once {
    Name name;
    Time due{};  ///< in whole seconds
    std::string target_arn;
    std::string role_arn;
    std::string undelivered{};  ///< as Schedule's
    json::object input;
  };
  /// One of that name is replaced.
  Status put(const Once& once);
  /// Whether it was there.
  Result<bool> remove(const Name& schedule);

 private:
  Result<json::value> ask(std::string_view action, std::vector<std::string> path, Parameters query);
  Status send(std::string_view action, std::string method, const Once& once);

  RestCaller& caller_;
  Target target_;
};

}  // namespace lamplighter::aws
