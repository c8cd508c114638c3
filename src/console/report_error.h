// An error as the top reports it.
#pragma once

#include "base/result.h"
#include "run/exit_code.h"

namespace lamplighter::console {

/// Prints "lamplighter: MESSAGE" on stderr and gives the exit code for its kind.
int report_error(const Error& error);
/// The exit code for an error's kind.
int exit_code_of(ErrorKind kind);

/// Prints "lamplighter: TROUBLE" on stderr: for engine::Options::trouble.
void report_trouble(const std::string& trouble);

}  // namespace lamplighter::console
