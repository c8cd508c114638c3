// What a verb that ran, or didn't, leaves with.
#pragma once

namespace lamplighter::run {

/// The exit codes of every verb (docs/cli.md).
enum ExitCode : int { success = 0, aborted = 1, bad_input = 2, no_aws = 3 };

/// The exit code after Ctrl-C, as shells count a SIGINT.
inline constexpr int kInterrupted = 130;

}  // namespace lamplighter::run
