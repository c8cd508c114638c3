// The daemon's front: all that it serves over HTTP, told apart by a request's path.
#pragma once

#include <optional>
#include <utility>

#include "api/health/health.h"
#include "api/scheduler/scheduler_api.h"
#include "api/stepfunctions/step_functions.h"
#include "http/message.h"
#include "run/refusal_log.h"

namespace lamplighter::run {

/// Safe to use from several threads.
class Front {
 public:
  Front(api::StepFunctions executions, api::SchedulerApi schedules, api::Health health, Log& log)
      : executions_(executions),
        schedules_(std::move(schedules)),
        health_(std::move(health)),
        refusals_(log) {}

  [[nodiscard]] http::Response answer(const http::Request& request);
  /// The refusal that a request's header alone gives reason for; nullopt where its body may be read.
  [[nodiscard]] std::optional<http::Response> refuse(const http::Request& header);

 private:
  api::StepFunctions executions_;
  api::SchedulerApi schedules_;
  api::Health health_;
  RefusalLog refusals_;
};

}  // namespace lamplighter::run
