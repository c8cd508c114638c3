// What the execution of an occurrence is called: always the same, so that the engine starts it once.
#pragma once

#include <string>

#include "base/clock.h"

namespace lamplighter::scheduler {

/// The schedule's name as far as an execution's may hold it, 8 hash digits of fleet and schedule, and when it
/// is due (to the second, in UTC): "evening-1f3a9c07-20261127T200000Z". At most 80 characters.
std::string occurrence_name(const std::string& fleet, const std::string& schedule, Time due);

}  // namespace lamplighter::scheduler
