// lamplighter synth: the fleet as files for AWS CloudFormation.
#include "deploy/synth.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/report_error.h"
#include "fleet/load.h"

namespace lamplighter::cli {
namespace {

namespace fs = std::filesystem;

struct SynthVerb {
  FleetOptions fleet;
  std::string directory;
  deploy::TemplateOptions options;
};

Status write_file(const fs::path& path, const std::string& text) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file) return {};
  return fail(ErrorKind::internal, "WriteFailed", fmt::format("can't write {}", path.string()));
}

/// Removes what an earlier synth wrote and this one does not: definitions of sets and policies of roles that
/// are gone. Nothing else in the directory is touched.
void remove_stale(const fs::path& directory, const deploy::Files& files) {
  for (const char* folder : {"definitions", "roles"}) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory / folder, error)) {
      const std::string name = entry.path().filename().string();
      const bool ours =
          name.ends_with(".asl.json") || name.ends_with(".policy.json") || name.ends_with(".trust.json");
      if (ours && !files.contains(fmt::format("{}/{}", folder, name))) fs::remove(entry.path(), error);
    }
  }
}

Status synthesize(const SynthVerb& verb) {
  const fleet::Fleet fleet = TRY(fleet::load(verb.fleet.file, verb.fleet.region));
  const deploy::Files files = TRY(deploy::synthesize(fleet, verb.options));
  const fs::path directory(verb.directory);
  for (const auto& [path, text] : files) CHECK_OK(write_file(directory / path, text));
  remove_stale(directory, files);
  fmt::print("{} files in {}; the commands to deploy them are in {}\n", files.size(), directory.string(),
             (directory / "README.md").string());
  return {};
}

int run(const SynthVerb& verb) {
  const auto done = synthesize(verb);
  return done ? run::ExitCode::success : console::report_error(done.error());
}

}  // namespace

void add_synth(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand(
      "synth", "Write the fleet as a CloudFormation template: Step Functions, Lambda, Scheduler");
  auto options = std::make_shared<SynthVerb>();
  add_fleet_options(*verb, options->fleet);
  verb->add_option("-o,--output", options->directory, "The directory to write to")->required();
  verb->add_flag("--xray", options->options.xray, "Trace executions and the function with X-Ray");
  verb->footer(
      "Example:\n"
      "  lamplighter synth -f examples/lower-environments.yaml -o deploy && less deploy/README.md");
  verb->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace lamplighter::cli
