// Names of what is deployed: the same fleet gives the same names, so that a second synth changes nothing.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "fleet/fleet.h"

namespace lamplighter::deploy {

/// `text` as a name that every AWS service takes: letters, digits, '-' and '_'; each run of anything else
/// becomes one '-'. A name longer than `max` is cut and ends with a hash of the whole.
std::string aws_name(std::string_view text, std::size_t max = 64);

/// Keeps names apart: two texts can become one name ("a b" and "a-b").
class UniqueNames {
 public:
  /// `name`, or where another text has it already, `name` with a hash of `text`.
  std::string take(const std::string& name, std::string_view text);

 private:
  std::map<std::string, std::string> taken_;
};

/// A logical id of CloudFormation: "Schedule" + "weekday mornings" → "ScheduleWeekdayMornings".
std::string logical_id(std::string_view prefix, std::string_view text);

/// "lamplighter-FLEET", which is also the function's, the schedule group's and the stack's name.
std::string stack_name(const fleet::Fleet& fleet);

/// "lamplighter-FLEET-PART".
std::string part_name(const fleet::Fleet& fleet, std::string_view part, std::size_t max = 64);

/// The region that the stack stands in: the fleet's, else its topic's, else its first environment's.
std::string home_region(const fleet::Fleet& fleet);

}  // namespace lamplighter::deploy
