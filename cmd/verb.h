// What the CLI's verbs share: how they report an error, and the exit codes.
#pragma once

#include <string>

#include "base/result.h"
#include "fleet/fleet.h"

namespace lamplighter::cmd {

/// The exit codes of every verb (docs/cli.md).
enum ExitCode : int { success = 0, aborted = 1, bad_input = 2, no_aws = 3 };

/// Prints "lamplighter: MESSAGE" on stderr and gives the exit code for its kind.
int report_error(const Error& error);

/// Reads and parses a fleet file; "-" is standard input. Error: bad_input "InvalidFleet", a line for each
/// error: "FILE:LINE:COLUMN: MESSAGE".
Result<fleet::Fleet> load_fleet(const std::string& path, const std::string& region = "");

}  // namespace lamplighter::cmd
