// What the schedules want of environments at a keep's end, as far as it is known before: the occurrences by
// then. Which of them stand is decided when the end comes (tasks/admission/keeps_end.h).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"
#include "tasks/protocol/action.h"

namespace lamplighter {
class Reader;
}

namespace lamplighter::tasks {

inline constexpr std::string_view kEnds = "ends";

/// An input carries no more: earlier ones hardly decide anything.
inline constexpr std::size_t kMostWanted = 100;

/// An occurrence that its schedule's calendars let run.
struct WantedOccurrence {
  std::string schedule;
  Action action = Action::start;
  Time due{};
  std::vector<std::string> environments;  ///< of the keep's
  bool operator==(const WantedOccurrence&) const = default;
};

struct KeepsEnd {
  Time made{};          ///< when the keep was
  bool undone = false;  ///< where no occurrence says otherwise, the opposite of what was kept is wanted
  std::vector<WantedOccurrence> wanted{};  ///< latest first, none after the end; at most kMostWanted
  bool operator==(const KeepsEnd&) const = default;
};

json::object to_json(const KeepsEnd& end);
/// Errors: as Reader's.
Result<KeepsEnd> read_keeps_end(const Reader& fields);

}  // namespace lamplighter::tasks
