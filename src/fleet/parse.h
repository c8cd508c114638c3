// Fleet file (YAML) → Fleet, or every error in it (docs/fleet-file.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

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

/// Reads a fleet file of at most 1 MiB. Reports all errors at once (the first 100), in the order of their
/// places. `region`, where given, stands in for the file's own top-level `region`.
ParseResult parse(std::string_view yaml, const std::string& region = "");

}  // namespace lamplighter::fleet
