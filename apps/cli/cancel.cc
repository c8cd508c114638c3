// lamplighter cancel: ends an execution that nobody is to go on with.
#include "run/cancel.h"

#include <cstdio>
#include <memory>
#include <string>

#include "apps/cli/place.h"
#include "apps/cli/verbs.h"
#include "console/print.h"

namespace lamplighter::cli {
namespace {

struct CancelVerb {
  std::string execution;
  PlaceOptions place;
};

Status cancel(const CancelVerb& options) {
  const std::string name = TRY(run::cancel(TRY(place_of(options.place)), options.execution));
  console::print_line(stdout, "{} is ABORTED. Servers and alarms stay as they are.", name);
  return {};
}

}  // namespace

void add_cancel(CommandLine& line) {
  Verb verb = line.verb("cancel", "End an execution that is not to go on; servers stay as they are");
  const auto options = std::make_shared<CancelVerb>();
  verb.option("execution", options->execution, "Which").called("ID").required();
  add_place(verb, options->place);
  verb.footer("Example:\n  lamplighter cancel start-20261124-060000-x7ab");
  verb.runs([options] { return cancel(*options); });
}

}  // namespace lamplighter::cli
