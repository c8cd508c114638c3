// Which occurrence of a schedule an execution is: its input's member "occurrence" (docs/tasks.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"

namespace lamplighter {
class Reader;
}

namespace lamplighter::tasks {

inline constexpr std::string_view kOccurrence = "occurrence";

struct Occurrence {
  std::string schedule;  ///< the file's name of it
  Time due{};            ///< the moment that its expression names

  friend bool operator==(const Occurrence&, const Occurrence&) = default;
};

/// {"schedule", "due"}; null for none: somebody started it.
json::value to_json(const std::optional<Occurrence>& occurrence);
/// The member "occurrence"; nullopt where it is missing or null. Errors: as Reader's.
Result<std::optional<Occurrence>> read_occurrence(const Reader& fields);

}  // namespace lamplighter::tasks
