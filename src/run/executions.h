// Executions of a state directory, looked up as people name them.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/runtime/engine.h"

namespace lamplighter::run {

struct Place;  // run/desk.h

/// What was given, or $XDG_STATE_HOME/lamplighter, or ~/.local/state/lamplighter. Error: bad_input
/// "NoStateDirectory" where there is no home either.
Result<std::filesystem::path> state_directory(const std::string& given);

/// Opens a state directory to look at it: no task can run. Error: bad_input "NoExecutions" where there is
/// no such directory yet.
Result<std::unique_ptr<engine::Engine>> open_to_look(const std::string& state_dir);

/// Newest first.
Result<std::vector<engine::Execution>> all_executions(engine::Executions& executions,
                                                      std::optional<engine::ExecutionStatus> status);

/// The running ones that `start` and `stop` made, with their input; not the many that others may have started
/// through the API.
Result<std::vector<engine::Execution>> running_runs(engine::Engine& engine);

/// Of those that are running; an error counts as none.
std::set<std::string> running_arns(engine::Executions& executions);

/// By name or ARN; with input and output. Error: bad_input "ExecutionDoesNotExist".
Result<engine::Execution> find_execution(engine::Executions& executions, const Place& place,
                                         const std::string& wanted);

/// The same, for one that is running. Error: bad_input "NotRunning".
Result<engine::Execution> find_running(engine::Executions& engine, const Place& place,
                                       const std::string& wanted);

/// Hands all events that an execution has so far to `take`, in order, a page at a time.
Status each_page(engine::Executions& executions, const std::string& arn,
                 const std::function<void(const std::vector<engine::Event>&)>& take);

}  // namespace lamplighter::run
