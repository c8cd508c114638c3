// A way to AWS as an execution had it, for the names of servers of which its history has only the ids.
#pragma once

#include <memory>

#include "aws/client/limited_caller.h"
#include "base/clock.h"
#include "engine/runtime/executions.h"
#include "run/cloud_access.h"
#include "run/desk.h"

namespace lamplighter::run {

class PastAccess {
 public:
  /// The place's, where that is the cloud; else as the execution's input remembers it. nullptr where there is
  /// none.
  static std::unique_ptr<PastAccess> of(const Place& place, const engine::Execution& execution);

  /// Gives up after some seconds in all: names are worth no longer wait.
  [[nodiscard]] aws::Caller& caller() { return limited_; }

 private:
  PastAccess(std::unique_ptr<SystemClock> clock, std::unique_ptr<CloudAccess> access);
  std::unique_ptr<SystemClock> clock_;
  std::unique_ptr<CloudAccess> access_;
  aws::LimitedCaller limited_;
};

}  // namespace lamplighter::run
