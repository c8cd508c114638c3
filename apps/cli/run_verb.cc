#include "apps/cli/run_verb.h"

#include "apps/cli/place.h"
#include "console/confirm.h"
#include "console/print.h"
#include "console/print_outcome.h"
#include "console/report_error.h"
#include "console/view.h"
#include "run/despite_keeps.h"
#include "run/retried.h"
#include "run/start_in_cloud.h"

namespace lamplighter::cli {

void add_run_options(Verb& verb, RunVerb& options) {
  add_fleet_options(verb, options.fleet);
  add_aws_options(verb, options.ways.real.aws);
  verb.option("--speed", options.ways.real.speed,
              "For an endpoint on this machine whose time runs so much faster")
      .between(0.001, 100'000);
  add_state_dir(verb, options.ways.real.state_dir);
  verb.flag("--cloud", options.cloud, "By the fleet's state machine that is deployed on AWS");
  verb.flag("--wait", options.wait, "Wait while another run has an environment, whatever it does");
  verb.flag("--refuse", options.refuse, "Leave an environment alone that another run has");
  verb.flag("--override", options.despite_keeps, "Also where somebody keeps an environment as it is");
  verb.flag("--json", options.json, "End with one JSON object on standard output");
  verb.flag("-y,--yes", options.yes, "Don't ask before a stop; without a terminal a stop needs it");
}

run::Place place_of(const RunVerb& options, const fleet::Fleet& fleet) {
  if (options.cloud) return cloud_place(fleet, options.fleet.file, options.ways.real.aws);
  return {options.ways.real.state_dir, std::nullopt};
}

namespace {

/// What does it once more, without its environments.
run::Command command_of(const RunVerb& options, tasks::Action action) {
  const run::RealRun& real = options.ways.real;
  run::Command command{.verb = std::string(tasks::to_string(action)),
                       .file = options.fleet.file,
                       .region = options.fleet.region,
                       .aws = real.aws,
                       .state_dir = real.state_dir,
                       .speed = real.speed};
  if (options.cloud) command.arguments = {"--cloud"};
  return command;
}

}  // namespace

Result<int> run_on(RunVerb& options, fleet::Fleet fleet, tasks::Action action) {
  if (options.cloud && !options.ways.simulate.empty())
    return fail(ErrorKind::bad_input, "Usage", "--cloud is on AWS and --simulate is not: say one of them");
  const auto place = place_of(options, fleet);
  const auto machine = deployed_machine(fleet, action);
  if (options.wait && options.refuse)
    return fail(ErrorKind::bad_input, "Usage", "--wait and --refuse exclude each other: say one of them");
  auto order =
      TRY(run::make_order(std::move(fleet), action, options.fleet.environments, SystemClock().now()));
  if (options.wait || options.refuse) order.input["on_conflict"] = options.wait ? "wait" : "refuse";
  if (options.despite_keeps) order.input["override"] = true;
  options.ways.real.fleet_file = options.fleet.file;
  options.ways.real.fleet_region = options.fleet.region;
  if (!options.retries.empty()) order.input[run::kRetries] = options.retries;
  options.ways.real.trouble = console::report_trouble;
  options.ways.real.tell = [](const std::string& text) { console::print_text(stderr, text + "\n"); };
  if (action == tasks::Action::stop && options.ways.simulate.empty() && !options.yes) {
    CHECK_OK(console::check_can_ask());
    options.ways.real.confirmed = console::confirm_stop;
  }
  const auto view = console::make_view(options.json);
  const auto report = [&](run::Outcome outcome) {
    run::add_how_to_overrule(outcome, command_of(options, action));
    return console::print(outcome, options.json);
  };
  if (options.cloud)
    return run::start_in_cloud(order, place, machine, options.ways.real.confirmed, *view, report);
  return run::run(order, options.ways, *view, report);
}

}  // namespace lamplighter::cli
