// Names of what is deployed: the same fleet gives the same names, so that a second synth changes nothing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/aws_name.h"
#include "fleet/fleet.h"

namespace lamplighter::deploy {

/// A logical id of CloudFormation: "Schedule" + "weekday mornings" → "ScheduleWeekdayMornings".
std::string logical_id(std::string_view prefix, std::string_view text);

/// "lamplighter-FLEET", which is also the function's, the schedule group's and the stack's name.
std::string stack_name(const fleet::Fleet& fleet);

/// "lamplighter-FLEET-PART".
std::string part_name(const fleet::Fleet& fleet, std::string_view part, std::size_t max = 64);

/// The region that the stack stands in: the fleet's, else that of whom it tells first, else its first
/// environment's.
std::string home_region(const fleet::Fleet& fleet);

}  // namespace lamplighter::deploy
