// What all tasks of a machine's branches are told of their run: it stands once in a definition, and travels
// in each payload's member "run" (docs/tasks.md).
#pragma once

#include <array>
#include <string_view>

#include "json/json.h"

namespace lamplighter::tasks {

inline constexpr std::string_view kRun = "run";

/// The members of a payload that stand there.
inline constexpr std::array<std::string_view, 14> kRunMembers{
    "action",       "fleet",       "execution",  "began",    "chosen",   "alarms", "pause",
    "coordination", "on_conflict", "occurrence", "calendar", "override", "room",   "looks"};

/// The payload with the run's members as its own; where it has a member of that name already, its own counts.
json::value with_run_told(const json::value& payload);

}  // namespace lamplighter::tasks
