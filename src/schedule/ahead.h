// A schedule expression that is due so much earlier than another: for who takes expressions only, as
// EventBridge Scheduler does.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"
#include "schedule/expression.h"

namespace lamplighter::schedule {

/// Together they are due `ahead` of `expression`, on the clock of the schedule's zone (where that is set in
/// between, they are an hour off, or left out): one, or as many as minutes and hours take. A rate stays as it
/// is: it counts from its schedule's start. `ahead`: at most 24 hours. Error: bad_input
/// "NoEarlierExpression" where the day before can't be said.
Result<std::vector<std::string>> ahead_of(const Expression& expression, std::chrono::minutes ahead);

}  // namespace lamplighter::schedule
