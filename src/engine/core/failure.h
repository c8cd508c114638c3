// Why a state or an execution failed, and which names match it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"

namespace lamplighter::engine {

/// An error name and its cause. A Fail state need not have them.
struct Failure {
  std::optional<std::string> error;
  std::optional<std::string> cause;
};

/// As $states.errorOutput shows it, and the events of a failure: {Error, Cause} with the given names.
json::object to_json(const Failure& failure, std::string_view error_key, std::string_view cause_key);

/// Whether ErrorEquals (of a Retry or Catch entry) matches an error of that name.
bool matches(const std::vector<std::string>& error_equals, std::string_view error);

}  // namespace lamplighter::engine
