// Going on with what was running when the last process ended.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "run/cloud_access.h"
#include "run/observer.h"
#include "run/outcome.h"

namespace lamplighter::run {

struct ResumeOrder {
  std::string execution;  ///< its name or ARN; "" for all
  AwsOptions aws;
  double speed = 1;                                 ///< as it was given to the run
  std::string state_dir;                            ///< as state_directory() takes it
  std::function<void(const std::string&)> trouble;  ///< as the engine's
};

/// Goes on with them at once and watches one after the other, each with an observer of its own; `report` is
/// given each one's outcome. Gives the worst exit code; nullopt where nothing was running. Ctrl-C only stops
/// the watching. Errors: as Engine::open; bad_input "ExecutionDoesNotExist", "NotRunning".
Result<std::optional<int>> resume(const ResumeOrder& order,
                                  const std::function<std::unique_ptr<Observer>()>& make_observer,
                                  const Report& report);

}  // namespace lamplighter::run
