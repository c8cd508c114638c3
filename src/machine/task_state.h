// What every Task state is made of: its call, what is retried, what is caught. Internal to machine/.
#pragma once

#include <chrono>
#include <string>

#include "json/json.h"
#include "machine/tasks.h"

namespace lamplighter::machine {

/// A Task state whose handler is told `payload`, and which execution asks.
json::object task_state(const Source& source, json::object payload, std::chrono::seconds timeout,
                        json::array retried = {});

/// What says that the function has not run. A branch's Tasks have no Retry: the Choice behind them tries
/// again.
json::array not_run();

/// States.ALL misses two errors, so they are named. What a catcher leaves is the error output, or `output`,
/// made of expressions that cannot fail, since no error in a Catch can be caught.
json::array catch_all(const std::string& next, const json::value& output = nullptr);

}  // namespace lamplighter::machine
