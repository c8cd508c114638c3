// The command line. A verb is a file of its name; this is their table of contents.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/cli/verbs.h"
#include "fleet/nearest.h"
#include "run/exit_code.h"

namespace lamplighter::cli {
namespace {

void add_verbs(CLI::App& app, int& exit_code) {
  add_validate(app, exit_code);
  add_compile(app, exit_code);
  add_plan(app, exit_code);
  add_start(app, exit_code);
  add_stop(app, exit_code);
  add_resume(app, exit_code);
  add_executions(app, exit_code);
  add_history(app, exit_code);
  add_synth(app, exit_code);
  add_policy(app, exit_code);
  add_simulate(app, exit_code);
  add_serve(app, exit_code);
  add_credentials(app, exit_code);
  add_export(app, exit_code);
  add_validate_definition(app, exit_code);
}

/// CLI11 takes an unknown verb for a stray argument and asks for a verb.
std::string unknown_verb(const CLI::App& app, int argc, char** argv) {
  const std::string first = argc > 1 ? argv[1] : "";
  std::vector<std::string> verbs;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    verbs.push_back(verb->get_name());
  }
  const bool known = std::find(verbs.begin(), verbs.end(), first) != verbs.end();
  if (known || first.empty() || first.starts_with("-")) return "";
  return fmt::format("found the verb \"{}\"{}, expected one of {}", first, fleet::did_you_mean(first, verbs),
                     fmt::join(verbs, ", "));
}

int run_verb(int argc, char** argv) {
  CLI::App app(
      "Starts and stops the servers of whole environments in order, with proof that each is healthy.",
      "lamplighter");
  app.require_subcommand(1);
  app.set_version_flag("--version", LAMPLIGHTER_VERSION);
  app.footer("lamplighter VERB --help shows a verb's options and examples.");
  int exit_code = run::ExitCode::success;
  add_verbs(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    const std::string unknown = unknown_verb(app, argc, argv);
    fmt::print(stderr, "lamplighter: {}; see lamplighter --help\n", unknown.empty() ? error.what() : unknown);
    return run::ExitCode::bad_input;
  }
  return exit_code;
}

}  // namespace
}  // namespace lamplighter::cli

int main(int argc, char** argv) {
  try {
    return lamplighter::cli::run_verb(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lamplighter: internal error: %s\n", error.what());
    return lamplighter::run::ExitCode::aborted;
  }
}
