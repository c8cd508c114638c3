// lamplighter extend: a keep, or start --for, lasts longer.
#include <memory>

#include <fmt/format.h>

#include "apps/cli/overruling.h"
#include "apps/cli/verbs.h"
#include "base/duration.h"
#include "base/plain_text.h"
#include "console/print_overrides.h"

namespace lamplighter::cli {
namespace {

struct ExtendVerb {
  PlaceOptions place;
  std::string environment;
  std::string by;
  std::string why;
};

Status extend(const ExtendVerb& options) {
  const auto by = parse_duration(options.by);
  if (!by || *by <= Duration::zero()) {
    return fail(ErrorKind::bad_input, "Usage",
                fmt::format("found \"{}\", expected how much longer: 2h", plain_line(options.by)));
  }
  const auto where = TRY(overruling_of(options.place));
  console::print_made(TRY(run::extend(where, {options.environment, *by, options.why})));
  return {};
}

}  // namespace

void add_extend(CommandLine& line) {
  Verb verb = line.verb("extend", "Let a keep, or a start --for, of an environment last longer");
  const auto options = std::make_shared<ExtendVerb>();
  verb.option("environment", options->environment, "Which").called("ENV").required();
  verb.option("by", options->by, "How much longer, as 2h or 90m").called("TIME").required();
  add_why(verb, options->why);
  add_overruling(verb, options->place);
  verb.footer("Example:\n  lamplighter extend dev 2h");
  verb.runs([options] { return extend(*options); });
}

}  // namespace lamplighter::cli
