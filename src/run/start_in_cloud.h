// A run of a fleet's deployed machine on AWS.
#pragma once

#include <functional>

#include "base/result.h"
#include "run/desk.h"
#include "run/observer.h"
#include "run/order.h"
#include "run/outcome.h"
#include "run/overview.h"

namespace lamplighter::run {

/// Starts the execution of the machine called `machine` at `place`, whose input says who did, and watches it.
/// Gives the exit code that `report` gave; Ctrl-C only stops the watching. `confirmed` as RealRun's. Errors:
/// as watch_at(); bad_input "NotDeployed" where there is no such machine, or it lacks one of the
/// environments.
Result<int> start_in_cloud(RunOrder order, const Place& place, const std::string& machine,
                           const std::function<bool(const Overview&)>& confirmed, Observer& view,
                           const Report& report);

}  // namespace lamplighter::run
