// lamplighter compile: the state machine of an action, as ASL or as a diagram.
#include "machine/compile.h"

#include <memory>

#include <fmt/format.h>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/print.h"
#include "deploy/cloud_recipients.h"
#include "deploy/coordination.h"
#include "deploy/machines.h"
#include "fleet/load.h"

namespace lamplighter::cli {
namespace {

struct CompileVerb {
  FleetOptions fleet;
  std::string action;
  std::string format = "asl";
  std::string function_name = "lamplighter";
  bool cloud = false;
};

Result<std::string> compile(const CompileVerb& options) {
  fleet::Fleet fleet = TRY(fleet::load(options.fleet.file, options.fleet.region));
  machine::CompileOptions compile_options;
  compile_options.environments = options.fleet.environments;
  compile_options.function_name = options.function_name;
  if (options.cloud) {
    CHECK_OK(deploy::check_recipients(fleet));
    fleet = deploy::in_cloud(std::move(fleet));
    compile_options = deploy::cloud_options(fleet, options.fleet.environments);
  }
  const json::value definition = TRY(machine::compile(fleet, to_action(options.action), compile_options));
  return options.format == "mermaid" ? machine::to_mermaid(definition) : deploy::definition_text(definition);
}

Status print_compiled(const CompileVerb& options) {
  console::print_text(stdout, TRY(compile(options)));
  return {};
}

}  // namespace

void add_compile(CommandLine& line) {
  Verb verb = line.verb("compile", "Print the state machine that starts or stops environments");
  auto options = std::make_shared<CompileVerb>();
  add_action(verb, options->action);
  add_environments(verb, options->fleet);
  add_fleet_options(verb, options->fleet);
  verb.option("--format", options->format, "asl (Amazon States Language) or mermaid (a diagram)")
      .shows_default()
      .one_of({"asl", "mermaid"});
  const Option function =
      verb.option("--function", options->function_name, "The Lambda function that the tasks invoke")
          .shows_default();
  verb.flag("--cloud", options->cloud, "As lamplighter synth deploys it to AWS").excludes(function);
  verb.footer(
      "Examples:\n"
      "  lamplighter compile start -f examples/lower-environments.yaml\n"
      "  lamplighter compile stop dev test -f fleet.yaml --format mermaid");
  verb.runs([options] { return print_compiled(*options); });
}

}  // namespace lamplighter::cli
