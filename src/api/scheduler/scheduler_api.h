// EventBridge Scheduler's API (REST, JSON; version 2021-06-30) over the book of schedules: what `aws
// scheduler` and boto3 speak. docs/api.md says which calls, and where they differ.
#pragma once

#include <functional>
#include <optional>

#include "api/auth/door.h"
#include "api/scheduler/book.h"
#include "base/clock.h"
#include "http/message.h"

namespace lamplighter::api {

/// Safe to use from several threads. Keeps references to the book, the door and the clock.
class SchedulerApi {
 public:
  /// Says whether a schedule may have that target. Error: bad_input "ValidationException".
  using CheckTarget = std::function<Status(const ScheduleTarget&)>;

  SchedulerApi(Book& book, const Door& door, const Clock& clock, CheckTarget check_target)
      : book_(book), door_(door), clock_(clock), check_target_(std::move(check_target)) {}

  /// Whether a request, by its path, is for this API.
  static bool is_meant(const http::Request& header);

  /// Answers one request: 200 with the call's result, or {"Message"} with the error's status and its code in
  /// x-amzn-ErrorType.
  [[nodiscard]] http::Response handle(const http::Request& request) const;

  /// The refusal that a request's header alone gives reason for; nullopt where its body may be read.
  [[nodiscard]] std::optional<http::Response> refuse(const http::Request& header) const;

 private:
  [[nodiscard]] Result<json::object> perform(const http::Request& request) const;

  Book& book_;
  const Door& door_;
  const Clock& clock_;
  CheckTarget check_target_;
};

}  // namespace lamplighter::api
