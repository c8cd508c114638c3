// The verbs of the command line, a file each. Every function adds its verb with its options.
#pragma once

#include "apps/cli/command_line.h"

namespace lamplighter::cli {

void add_validate(CommandLine& line);
void add_next(CommandLine& line);
void add_compile(CommandLine& line);
void add_plan(CommandLine& line);
void add_alarms(CommandLine& line);
void add_start(CommandLine& line);
void add_stop(CommandLine& line);
void add_retry(CommandLine& line);
void add_resume(CommandLine& line);
void add_cancel(CommandLine& line);
void add_keep(CommandLine& line);
void add_extend(CommandLine& line);
void add_skip(CommandLine& line);
void add_pause(CommandLine& line);
void add_overrides(CommandLine& line);
void add_executions(CommandLine& line);
void add_history(CommandLine& line);
void add_watch(CommandLine& line);
void add_hours(CommandLine& line);
void add_synth(CommandLine& line);
void add_policy(CommandLine& line);
void add_simulate(CommandLine& line);
void add_serve(CommandLine& line);
void add_credentials(CommandLine& line);
void add_export(CommandLine& line);
void add_backup(CommandLine& line);
void add_restore(CommandLine& line);
void add_validate_definition(CommandLine& line);
void add_completion(CommandLine& line);
void add_manual_page(CommandLine& line);

}  // namespace lamplighter::cli
