// lamplighter watch: the live view of an execution that runs elsewhere.
#include "run/watch.h"

#include <memory>

#include "apps/cli/place.h"
#include "apps/cli/verbs.h"
#include "console/print.h"
#include "console/print_outcome.h"
#include "console/view.h"
#include "run/exit_code.h"

namespace lamplighter::cli {
namespace {

struct WatchVerb {
  std::string execution;
  PlaceOptions place;
  bool json = false;
};

Result<int> watch(const WatchVerb& options) {
  const auto code = TRY(run::watch(
      TRY(place_of(options.place)), options.execution, [&] { return console::make_view(options.json); },
      [&](const run::Outcome& outcome) { return console::print(outcome, options.json); }));
  if (!code) console::print_line(stdout, "Nothing is running.");
  return code.value_or(run::ExitCode::success);
}

}  // namespace

void add_watch(CommandLine& line) {
  Verb verb = line.verb("watch", "Watch an execution that another process, or AWS, carries out");
  const auto options = std::make_shared<WatchVerb>();
  verb.option("execution", options->execution, "Its name or ARN; where none is named, the one that runs")
      .called("ID");
  add_place(verb, options->place);
  verb.flag("--json", options->json, "End with one JSON object on standard output");
  verb.footer("Examples:\n  lamplighter watch\n  lamplighter watch start-20261124-060000-x7ab");
  verb.runs([options] { return watch(*options); });
}

}  // namespace lamplighter::cli
