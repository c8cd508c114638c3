// lamplighter skip: leaves out occurrences of a schedule.
#include <memory>

#include "apps/cli/overruling.h"
#include "apps/cli/verbs.h"
#include "console/print_overrides.h"

namespace lamplighter::cli {
namespace {

struct SkipVerb {
  PlaceOptions place;
  std::string schedule;
  std::vector<std::string> words;
  bool next = false;
  std::string why;
};

Result<run::Wish> wish_of(const SkipVerb& options) {
  if (options.next == !options.words.empty()) {
    return fail(ErrorKind::bad_input, "Usage", "expected either --next or until when: until tomorrow 08:00");
  }
  run::Wish wish;
  wish.kind = tasks::Override::Kind::skip;
  wish.schedule = options.schedule;
  wish.next = options.next;
  wish.why = options.why;
  if (!options.next) wish.until = TRY(run::read_when(options.words, 0));
  return wish;
}

Status skip(const SkipVerb& options) {
  const auto wish = TRY(wish_of(options));
  console::print_made(TRY(run::overrule(TRY(overruling_of(options.place)), wish)));
  return {};
}

}  // namespace

void add_skip(CommandLine& line) {
  Verb verb = line.verb("skip", "Leave out a schedule's next occurrence, or all until a moment");
  const auto options = std::make_shared<SkipVerb>();
  verb.option("schedule", options->schedule, "Which, as the fleet file names it")
      .called("SCHEDULE")
      .required();
  verb.option("words", options->words, "Those that are due before").called("until WHEN");
  verb.flag("--next", options->next, "Only the next one");
  add_why(verb, options->why);
  add_overruling(verb, options->place);
  verb.footer(
      "Examples:\n"
      "  lamplighter skip \"weekday evenings\" --next --why release\n"
      "  lamplighter skip \"weekday evenings\" until 2026-12-28 00:00");
  verb.runs([options] { return skip(*options); });
}

}  // namespace lamplighter::cli
