// A custom runtime's life: event in, answer out, for as long as Lambda keeps the process.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "lambda_runtime/runtime_api.h"

namespace lamplighter::lambda_runtime {

/// An event's answer, as JSON text. Runs on the loop's thread, one event at a time.
using Handler = std::function<Result<std::string>(const Invocation&)>;

/// Handles event after event. An error of the handler (or an exception) is the answer to its event and no
/// more; this returns only when the Runtime API can't be spoken to any longer.
Error serve(RuntimeApi& api, const Handler& handler);

}  // namespace lamplighter::lambda_runtime
