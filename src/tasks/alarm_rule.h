// The rule of a composite alarm, in CloudWatch's words: ALARM("a") AND NOT (OK(b) OR AT_LEAST(2, ALARM, (c,
// d))).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lamplighter::tasks {

/// The alarms that a rule asks for, each once, in the rule's order and as it writes them: by name or ARN.
/// Error: bad_input "InvalidAlarmRule", with the place.
Result<std::vector<std::string>> alarms_in_rule(std::string_view rule);

}  // namespace lamplighter::tasks
