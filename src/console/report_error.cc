#include "console/report_error.h"

#include <cstdio>

#include <fmt/format.h>

#include "console/print.h"

namespace lamplighter::console {

void report_trouble(const std::string& trouble) {
  print_text(stderr, fmt::format("lamplighter: {}\n", trouble));
}

int report_error(const Error& error) {
  report_trouble(error.message);
  return exit_code_of(error.kind);
}

int exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_input:
      return run::ExitCode::bad_input;
    case ErrorKind::aws:
      return run::ExitCode::no_aws;
    case ErrorKind::internal:
      break;
  }
  return run::ExitCode::aborted;
}

}  // namespace lamplighter::console
