// The command line. A verb is a file of its name; this is their table of contents.
#include <cstdio>
#include <exception>

#include "apps/cli/command_line.h"
#include "apps/cli/verbs.h"
#include "run/exit_code.h"

namespace lamplighter::cli {
namespace {

void add_verbs(CommandLine& line) {
  add_validate(line);
  add_compile(line);
  add_plan(line);
  add_start(line);
  add_stop(line);
  add_resume(line);
  add_executions(line);
  add_history(line);
  add_synth(line);
  add_policy(line);
  add_simulate(line);
  add_serve(line);
  add_credentials(line);
  add_export(line);
  add_validate_definition(line);
}

}  // namespace
}  // namespace lamplighter::cli

int main(int argc, char** argv) {
  using namespace lamplighter;  // NOLINT(google-build-using-namespace)
  try {
    cli::CommandLine line(
        "Starts and stops the servers of whole environments in order, with proof that each is healthy.",
        LAMPLIGHTER_VERSION);
    cli::add_verbs(line);
    return line.run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lamplighter: internal error: %s\n", error.what());
    return run::ExitCode::aborted;
  }
}
