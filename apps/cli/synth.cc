// lamplighter synth: the fleet as files for AWS CloudFormation.
#include "deploy/synth.h"

#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/print.h"
#include "deploy/write.h"
#include "fleet/load.h"
#include "fleet/schedule_days.h"

namespace lamplighter::cli {
namespace {

struct SynthVerb {
  FleetOptions fleet;
  std::string directory;
  deploy::TemplateOptions options;
};

Status synthesize(const SynthVerb& verb) {
  const fleet::Fleet fleet = TRY(fleet::load(verb.fleet.file, verb.fleet.region));
  deploy::TemplateOptions options = verb.options;
  options.now = SystemClock().now();
  const deploy::Files files = TRY(deploy::synthesize(fleet, options));
  const std::filesystem::path directory(verb.directory);
  CHECK_OK(deploy::write(files, directory));
  console::print_line(stdout, "{} files in {}; the commands to deploy them are in {}", files.size(),
                      directory.string(), (directory / "README.md").string());
  if (const auto until = fleet::known_until(fleet, options.now)) {
    console::print_line(stdout, "the days of the calendars are known until {}: deploy again before",
                        schedule::format_day(*until));
  }
  return {};
}

}  // namespace

void add_synth(CommandLine& line) {
  Verb verb =
      line.verb("synth", "Write the fleet as a CloudFormation template: Step Functions, Lambda, Scheduler");
  const auto options = std::make_shared<SynthVerb>();
  add_fleet_options(verb, options->fleet);
  verb.option("-o,--output", options->directory, "The directory to write to").called("DIR").required();
  verb.flag("--xray", options->options.xray, "Trace executions and the function with X-Ray");
  verb.footer(
      "Example:\n"
      "  lamplighter synth -f examples/lower-environments.yaml -o deploy && less deploy/README.md");
  verb.runs([options] { return synthesize(*options); });
}

}  // namespace lamplighter::cli
