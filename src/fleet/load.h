// A fleet from its file.
#pragma once

#include <string>

#include "base/result.h"
#include "fleet/fleet.h"

namespace lamplighter::fleet {

/// Reads and parses a fleet file; "-" is standard input. `region` stands instead of the file's own top-level
/// region. Errors: bad_input "Usage" for a region that is none, "InvalidFleet", a line for each error:
/// "FILE:LINE:COLUMN: MESSAGE".
Result<Fleet> load(const std::string& path, const std::string& region = "");

/// The same, of the text that the file has.
Result<Fleet> read(const std::string& text, const std::string& path, const std::string& region = "");

}  // namespace lamplighter::fleet
