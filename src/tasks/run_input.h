// What an execution may be given as its input (docs/tasks.md).
#pragma once

#include <string_view>

#include "base/result.h"
#include "json/json.h"

namespace lamplighter::tasks {

inline constexpr std::string_view kInvalidInput = "InvalidInput";

/// A mistake in it is not to become a run of everything. Error: bad_input kInvalidInput for another member
/// than those that are known, for environments that are no list of names, and as read_occurrence().
Status check_run_input(const json::value& input);

}  // namespace lamplighter::tasks
