#include "engine/core/failure.h"

#include <algorithm>

#include "base/utf8.h"

namespace lamplighter::engine {
namespace {

/// The service's terminal errors, which no wildcard matches.
bool is_terminal(std::string_view error) {
  return error == "States.DataLimitExceeded" || error == "States.Runtime";
}

bool is_timeout(std::string_view error) {
  return error == "States.Timeout" || error == "States.HeartbeatTimeout";
}

bool matches_one(std::string_view pattern, std::string_view error) {
  if (pattern == error) return error != "States.Runtime";
  if (pattern == "States.ALL") return !is_terminal(error);
  if (pattern == "States.TaskFailed") return !is_terminal(error) && !is_timeout(error);
  return pattern == "States.Timeout" && is_timeout(error);
}

}  // namespace

/// Causes come from outside: AWS's messages, cut anywhere.
json::object to_json(const Failure& failure, std::string_view error_key, std::string_view cause_key) {
  json::object out;
  if (failure.error) out[error_key] = mend_utf8(*failure.error);
  if (failure.cause) out[cause_key] = mend_utf8(*failure.cause);
  return out;
}

bool matches(const std::vector<std::string>& error_equals, std::string_view error) {
  return std::any_of(error_equals.begin(), error_equals.end(),
                     [&](const std::string& pattern) { return matches_one(pattern, error); });
}

}  // namespace lamplighter::engine
