// lamplighter cancel: tells an execution to halt environments, or ends one at once.
#include "run/cancel.h"

#include <cstdio>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/cli/place.h"
#include "apps/cli/verbs.h"
#include "console/print.h"

namespace lamplighter::cli {
namespace {

struct CancelVerb {
  run::CancelOrder order;
  PlaceOptions place;
};

Status cancel(const CancelVerb& options) {
  run::CancelOrder order = options.order;
  order.place = TRY(place_of(options.place));
  const auto done = TRY(run::cancel(order));
  if (done.ended) {
    console::print_line(stdout, "{} is ABORTED. Servers stay as they are. {}", done.execution, done.alarms);
  } else {
    console::print_line(stdout, "Told {} to halt {}: each does so at its next look, and the report goes out.",
                        done.execution, fmt::join(done.environments, ", "));
  }
  return {};
}

}  // namespace

void add_cancel(CommandLine& line) {
  Verb verb =
      line.verb("cancel", "Halt environments of an execution, or end it at once; servers stay as they are");
  const auto options = std::make_shared<CancelVerb>();
  verb.option("execution", options->order.execution, "Which").called("ID").required();
  verb.option("environments", options->order.environments, "Halt only these; the others go on").called("ENV");
  verb.flag("--now", options->order.now, "End the execution at once: no report, and muted alarms stay so");
  add_place(verb, options->place);
  verb.footer(
      "Example:\n  lamplighter cancel start-20261124-060000-x7ab dev\n"
      "  lamplighter cancel start-20261124-060000-x7ab --now");
  verb.runs([options] { return cancel(*options); });
}

}  // namespace lamplighter::cli
