// One execution as one JSON object, to be kept or sent.
#pragma once

#include <string>

#include "base/result.h"
#include "engine/runtime/executions.h"
#include "json/json.h"

namespace lamplighter::engine {

/// Its description, its definition and its whole history. Errors: those of `executions`.
Result<json::object> export_execution(Executions& executions, const std::string& arn);

}  // namespace lamplighter::engine
