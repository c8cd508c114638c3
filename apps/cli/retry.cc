// lamplighter retry: runs again what halted in an execution.
#include <memory>

#include "apps/cli/run_verb.h"
#include "apps/cli/verbs.h"
#include "fleet/load.h"
#include "run/executions.h"
#include "run/past.h"
#include "run/retried.h"

namespace lamplighter::cli {
namespace {

struct RetryVerb {
  std::string execution;
  RunVerb run;
};

/// With the fleet file as it is now. The desk goes before the run, which may want to hold the state
/// directory.
Result<int> retry(RetryVerb& options) {
  auto fleet = TRY(fleet::load(options.run.fleet.file, options.run.fleet.region));
  const run::Place place = place_of(options.run, fleet);
  auto desk = TRY(run::open_desk(place));
  const auto execution = TRY(run::find_execution(desk->executions(), place, options.execution));
  const auto halted = TRY(run::halted_in(desk->executions(), execution));
  CHECK_OK(run::check_not_retried(desk->executions(), place, execution));
  desk.reset();
  options.run.retries = execution.name;
  options.run.fleet.environments = halted.environments;
  return run_on(options.run, std::move(fleet), halted.action);
}

}  // namespace

void add_retry(CommandLine& line) {
  Verb verb = line.verb("retry", "Start, or stop, again what halted in an execution");
  const auto options = std::make_shared<RetryVerb>();
  verb.option("execution", options->execution, "Its name or ARN").required().called("ID");
  add_run_options(verb, options->run);
  verb.footer("Example:\n  lamplighter retry start-20261124-060000-x7ab -f fleet.yaml");
  verb.runs([options] { return retry(*options); });
}

}  // namespace lamplighter::cli
