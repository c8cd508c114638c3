// A fleet from its file.
#pragma once

#include <string>

#include "base/result.h"
#include "fleet/fleet.h"
#include "fleet/parse.h"

namespace lamplighter::fleet {

/// Reads and parses a fleet file; "-" is standard input. `region` stands instead of the file's own top-level
/// region. Errors: bad_input "Usage" for a region that is none, "InvalidFleet", a line for each error:
/// "FILE:LINE:COLUMN: MESSAGE".
Result<Fleet> load(const std::string& path, const std::string& region = "");

/// The same, of the text that the file has, and of the iCalendar files that it names.
Result<Fleet> read(const std::string& text, const std::string& path, const std::string& region = "");
Result<Fleet> read(const std::string& text, const std::string& path, const std::string& region,
                   const IcalReader& read_ical);

/// The iCalendar file's path, which is relative to the fleet file's folder (of standard input, to the working
/// directory).
std::string ical_path(const std::string& fleet_file, const std::string& ical_file);

/// The text of an iCalendar file. Errors: bad_input "UnreadableFile", with the path.
Result<std::string> ical_text(const std::string& path);
/// What it says; its days can be worked out. Errors: as schedule::read_ical and days_of, with the path.
Result<schedule::Ical> ical_of(const std::string& text, const std::string& path);

/// Reads the iCalendar files of that fleet file.
IcalReader ical_reader(const std::string& fleet_file);

}  // namespace lamplighter::fleet
