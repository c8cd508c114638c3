// Fleet file (YAML) → Fleet, or every error in it (docs/fleet-file.md).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fleet/fleet.h"

namespace lamplighter::fleet {

/// One error in a fleet file. Lines and columns count from 1.
struct Diagnostic {
  int line = 0;
  int column = 0;
  std::string message;  ///< what was found, what was expected, and the nearest known word where there is one
};

/// Either a fleet and no errors, or errors and no fleet to be used.
struct ParseResult {
  Fleet fleet;
  std::vector<Diagnostic> errors;
};

/// Gives what an iCalendar file says, by its path in the fleet file. The error's message begins with that
/// path.
using IcalReader = std::function<Result<schedule::Ical>(const std::string& path)>;

/// Reads a fleet file of at most 1 MiB. Reports all errors at once (the first 100), in the order of their
/// places. `region`, where given, stands in for the file's own top-level `region`. Without `read_ical` the
/// calendars have only the days that the fleet file lists.
ParseResult parse(std::string_view yaml, const std::string& region = "", const IcalReader& read_ical = {});

}  // namespace lamplighter::fleet
