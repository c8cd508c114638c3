// What the calendars of a schedule say of one of its occurrences. Pure: the days stand in the execution's
// input, so that both engines decide alike, and each branch of an execution as the others.
#pragma once

#include <optional>
#include <string>

#include "tasks/protocol/occurrence.h"

namespace lamplighter::tasks {

/// Why the occurrence is skipped: "not on holidays (2026-12-25)"; nothing where it goes ahead. A run that no
/// schedule started, and one that no calendar binds, goes ahead, and so does one whose day lies beyond what
/// the input knows: that an environment stays as it is for ever, because nobody has deployed for two years,
/// is the greater harm.
std::optional<std::string> skipped_by_calendar(const std::optional<Occurrence>& occurrence);

/// What people ought to know of the days that the input knows: that they end within 30 days, or have ended.
/// "" for nothing, and where the input was made for this occurrence, so that it knows no other day.
std::string calendar_warning(const std::optional<Occurrence>& occurrence);

}  // namespace lamplighter::tasks
