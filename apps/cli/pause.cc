// lamplighter pause: no schedule of the fleet starts or stops anything until a moment.
#include <memory>

#include "apps/cli/overruling.h"
#include "apps/cli/verbs.h"
#include "console/print_overrides.h"

namespace lamplighter::cli {
namespace {

struct PauseVerb {
  PlaceOptions place;
  std::vector<std::string> words;
  std::string why;
};

Status pause(const PauseVerb& options) {
  run::Wish wish;
  wish.kind = tasks::Override::Kind::pause;
  wish.until = TRY(run::read_when(options.words, 0));
  wish.why = options.why;
  console::print_made(TRY(run::overrule(TRY(overruling_of(options.place)), wish)));
  return {};
}

}  // namespace

void add_pause(CommandLine& line) {
  Verb verb = line.verb("pause", "Leave out all of the fleet's schedules until a moment");
  const auto options = std::make_shared<PauseVerb>();
  verb.option("words", options->words, "Until when, or for how long").called("until WHEN").required();
  add_why(verb, options->why);
  add_overruling(verb, options->place);
  verb.footer("Example:\n  lamplighter pause until tomorrow 12:00 --why \"database upgrade\"");
  verb.runs([options] { return pause(*options); });
}

}  // namespace lamplighter::cli
