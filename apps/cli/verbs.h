// The verbs of the command line, a file each. Every function adds its verb with its options; when the verb
// was given, its callback does the work and sets the exit code.
#pragma once

#include <CLI/App.hpp>

namespace lamplighter::cli {

void add_validate(CLI::App& app, int& exit_code);
void add_compile(CLI::App& app, int& exit_code);
void add_plan(CLI::App& app, int& exit_code);
void add_start(CLI::App& app, int& exit_code);
void add_stop(CLI::App& app, int& exit_code);
void add_resume(CLI::App& app, int& exit_code);
void add_executions(CLI::App& app, int& exit_code);
void add_history(CLI::App& app, int& exit_code);
void add_synth(CLI::App& app, int& exit_code);
void add_policy(CLI::App& app, int& exit_code);
void add_simulate(CLI::App& app, int& exit_code);
void add_serve(CLI::App& app, int& exit_code);
void add_credentials(CLI::App& app, int& exit_code);
void add_export(CLI::App& app, int& exit_code);
void add_validate_definition(CLI::App& app, int& exit_code);

}  // namespace lamplighter::cli
