// lamplighter plan: a live look at what a start or stop would do; nothing is changed.
#include <algorithm>
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/report_error.h"
#include "fleet/load.h"
#include "machine/compile.h"
#include "machine/shape.h"
#include "run/cloud_access.h"
#include "tasks/preview.h"

namespace lamplighter::cli {
namespace {

struct PlanVerb {
  std::string action;
  FleetOptions fleet;
  run::AwsOptions aws;
  bool json = false;
};

/// One phase: what would happen, or why nobody can say.
struct PlannedPhase {
  std::string environment;
  std::string phase;
  Result<tasks::PhasePreview> preview;
};

Result<machine::Shape> shape_of(const PlanVerb& options) {
  const fleet::Fleet fleet = TRY(fleet::load(options.fleet.file, options.fleet.region));
  machine::CompileOptions compile_options;
  compile_options.environments = options.fleet.environments;
  return machine::read_shape(TRY(machine::compile(fleet, to_action(options.action), compile_options)));
}

std::vector<PlannedPhase> look(aws::Session& session, Clock& clock, const machine::Shape& shape) {
  const tasks::Context context{session, clock};
  std::vector<PlannedPhase> phases;
  for (const machine::EnvironmentShape& environment : shape.environments) {
    for (const machine::PhaseShape& phase : environment.phases) {
      phases.push_back({environment.name, phase.name, tasks::preview_phase(context, phase.payload)});
    }
  }
  return phases;
}

void print_preview(const tasks::PhasePreview& preview) {
  std::size_t width = 8;
  for (const auto& server : preview.servers) width = std::max(width, server.name.size());
  for (const auto& server : preview.servers) {
    fmt::print("    {:<{}}  {:<19}  {:<9}  {}\n", server.name, width, server.id, server.state, server.words);
  }
  for (const auto& missing : preview.missing) {
    fmt::print("    {:<{}}  {:<19}  {:<9}  {}\n", missing.name, width, missing.id, "missing", missing.reason);
  }
  for (const auto& alarm : preview.alarms) {
    fmt::print("    alarm {} of {}: {}\n", alarm.name, fmt::join(alarm.servers, ", "), alarm.words);
  }
  if (!preview.alarms_reason.empty()) fmt::print("    alarms: {}\n", preview.alarms_reason);
}

void print_plan(const machine::Shape& shape, const std::vector<PlannedPhase>& phases) {
  std::string environment;
  for (const PlannedPhase& phase : phases) {
    if (phase.environment != environment)
      fmt::print("{}{}\n", environment.empty() ? "" : "\n", phase.environment);
    environment = phase.environment;
    fmt::print("  {}\n", phase.phase);
    if (phase.preview) {
      print_preview(*phase.preview);
    } else {
      fmt::print("    can't be looked at: {}\n", phase.preview.error().message);
    }
  }
  fmt::print("\nNothing was changed. To do it: lamplighter {} -f …\n", fleet::to_string(shape.action));
}

json::array to_json(const std::vector<PlannedPhase>& phases) {
  json::array out;
  for (const PlannedPhase& phase : phases) {
    if (phase.preview) {
      out.push_back(tasks::to_json(*phase.preview));
    } else {
      out.push_back(json::object{{"environment", phase.environment},
                                 {"phase", phase.phase},
                                 {"error", phase.preview.error().message}});
    }
  }
  return out;
}

/// 1 where a phase would fail, 3 where no phase could be looked at.
Result<int> plan_it(const PlanVerb& options) {
  const machine::Shape shape = TRY(shape_of(options));
  SystemClock clock;
  const auto access = TRY(run::CloudAccess::make(options.aws, clock));
  const std::vector<PlannedPhase> phases = look(access->session(), clock, shape);
  const auto blind = [](const PlannedPhase& phase) { return !phase.preview; };
  if (std::all_of(phases.begin(), phases.end(), blind)) return tl::unexpected(phases.front().preview.error());
  if (options.json) {
    fmt::print("{}", pretty(to_json(phases)));
  } else {
    print_plan(shape, phases);
  }
  const bool fails = std::any_of(phases.begin(), phases.end(), [](const PlannedPhase& phase) {
    return !phase.preview || !phase.preview->missing.empty();
  });
  return fails ? run::ExitCode::aborted : run::ExitCode::success;
}

}  // namespace

void add_plan(CLI::App& app, int& exit_code) {
  auto* verb = app.add_subcommand("plan", "Look at what a start or stop would do to each server and alarm");
  auto options = std::make_shared<PlanVerb>();
  verb->add_option("action", options->action, "start or stop")
      ->required()
      ->check(CLI::IsMember({"start", "stop"}));
  add_environments(*verb, options->fleet);
  add_fleet_options(*verb, options->fleet);
  add_aws_options(*verb, options->aws);
  verb->add_flag("--json", options->json, "As a JSON array, an object a phase");
  verb->footer(
      "Examples:\n  lamplighter plan start -f fleet.yaml\n  lamplighter plan stop dev -f fleet.yaml --json");
  verb->callback([options, &exit_code] {
    const auto code = plan_it(*options);
    exit_code = code ? *code : console::report_error(code.error());
  });
}

}  // namespace lamplighter::cli
