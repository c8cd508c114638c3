// Which alarms belong to a server.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"

namespace lamplighter {
class Reader;
}

namespace lamplighter::tasks {

enum class AlarmMatch {
  none,              ///< no alarm is touched
  dimension,         ///< those with its InstanceId
  dimension_or_name  ///< these, and those that have none and whose name holds the server's
};

/// "none", "dimension", "dimension-or-name".
std::string_view to_string(AlarmMatch match);
/// nullopt for any other word.
std::optional<AlarmMatch> parse_alarm_match(std::string_view word);
/// The member "alarms".
Result<AlarmMatch> read_alarm_match(const Reader& fields);

}  // namespace lamplighter::tasks
