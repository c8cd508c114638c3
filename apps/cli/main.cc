// The command line. A verb is a file of its name; this is their table of contents.
#include <cstdio>
#include <exception>

#include "apps/cli/command_line.h"
#include "apps/cli/verbs.h"
#include "apps/cli/version.h"
#include "base/standard_streams.h"
#include "run/exit_code.h"

namespace lamplighter::cli {
namespace {

void add_verbs(CommandLine& line) {
  add_validate(line);
  add_next(line);
  add_compile(line);
  add_plan(line);
  add_alarms(line);
  add_start(line);
  add_stop(line);
  add_retry(line);
  add_resume(line);
  add_cancel(line);
  add_keep(line);
  add_extend(line);
  add_skip(line);
  add_pause(line);
  add_overrides(line);
  add_executions(line);
  add_history(line);
  add_watch(line);
  add_hours(line);
  add_synth(line);
  add_policy(line);
  add_simulate(line);
  add_serve(line);
  add_credentials(line);
  add_export(line);
  add_backup(line);
  add_restore(line);
  add_validate_definition(line);
  add_completion(line);
  add_manual_page(line);
}

}  // namespace
}  // namespace lamplighter::cli

int main(int argc, char** argv) {
  using namespace lamplighter;  // NOLINT(google-build-using-namespace)
  open_standard_descriptors();
  int exit_code = run::ExitCode::aborted;
  try {
    cli::CommandLine line(
        "Starts and stops the servers of whole environments in order, with proof that each is healthy.",
        cli::version());
    cli::add_verbs(line);
    exit_code = line.run(argc, argv);
  } catch (const std::exception& error) {
    if (std::ferror(stdout) == 0) std::fprintf(stderr, "lamplighter: internal error: %s\n", error.what());
  }
  if (flush_standard_output()) return exit_code;
  std::fprintf(stderr, "lamplighter: can't write to standard output\n");
  return exit_code == run::ExitCode::success ? run::ExitCode::aborted : exit_code;
}
