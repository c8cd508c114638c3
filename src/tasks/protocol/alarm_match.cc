#include "tasks/protocol/alarm_match.h"

#include "json/reader.h"

namespace lamplighter::tasks {

std::string_view to_string(AlarmMatch match) {
  switch (match) {
    case AlarmMatch::none:
      return "none";
    case AlarmMatch::dimension:
      return "dimension";
    case AlarmMatch::dimension_or_name:
      return "dimension-or-name";
  }
  return "";
}

std::optional<AlarmMatch> parse_alarm_match(std::string_view word) {
  for (const auto match : {AlarmMatch::none, AlarmMatch::dimension, AlarmMatch::dimension_or_name}) {
    if (word == to_string(match)) return match;
  }
  return std::nullopt;
}

Result<AlarmMatch> read_alarm_match(const Reader& fields) {
  if (const auto match = parse_alarm_match(TRY(fields.text("alarms")))) return *match;
  return fields.unexpected("alarms", "\"none\", \"dimension\" or \"dimension-or-name\"");
}

}  // namespace lamplighter::tasks
