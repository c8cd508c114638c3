// What the services that speak JSON answer, read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"

namespace lamplighter::aws {

/// An object. Error: aws "InvalidResponse", as invalid_answer()'s.
Result<json::value> parse_answer(std::string_view action, const std::string& body);

/// A moment in seconds since 1970; nullopt where it is missing, or none.
std::optional<Time> time_in(const json::value& answer, std::string_view name);

/// "ListSchedules: the answer has no list Schedules".
tl::unexpected<Error> invalid_answer(std::string_view action, std::string_view why);

}  // namespace lamplighter::aws
