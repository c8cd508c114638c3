// lamplighter keep: environments stay running, or stopped, until a moment, whatever their schedules say.
#include <algorithm>
#include <memory>

#include "apps/cli/overruling.h"
#include "apps/cli/verbs.h"
#include "console/print_overrides.h"

namespace lamplighter::cli {
namespace {

struct KeepVerb {
  PlaceOptions place;
  std::vector<std::string> words;
  std::string why;
};

/// Of "dev test running until 22:00".
Result<run::Wish> wish_of(const KeepVerb& options) {
  const auto& words = options.words;
  const auto state = std::find_if(words.begin(), words.end(),
                                  [](const auto& word) { return word == "running" || word == "stopped"; });
  if (state == words.begin() || state == words.end()) {
    return fail(
        ErrorKind::bad_input, "Usage",
        "expected environments, then running or stopped, then until when: dev test running until 22:00");
  }
  run::Wish wish;
  wish.environments.assign(words.begin(), state);
  wish.wanted = *state == "running" ? tasks::Action::start : tasks::Action::stop;
  wish.until = TRY(run::read_when(words, static_cast<std::size_t>(state - words.begin()) + 1));
  wish.why = options.why;
  return wish;
}

Status keep(const KeepVerb& options) {
  const auto wish = TRY(wish_of(options));
  console::print_made(TRY(run::overrule(TRY(overruling_of(options.place)), wish)));
  return {};
}

}  // namespace

void add_keep(CommandLine& line) {
  Verb verb = line.verb("keep", "Keep environments running, or stopped, until a moment");
  const auto options = std::make_shared<KeepVerb>();
  verb.option("words", options->words, "Which, as what, and until when (or for how long)")
      .called("ENV... running|stopped until WHEN")
      .required();
  add_why(verb, options->why);
  add_overruling(verb, options->place);
  verb.footer(
      "Examples:\n"
      "  lamplighter keep dev running until 22:00 --why release\n"
      "  lamplighter keep dev test stopped until 2026-12-28 06:00 --why holidays\n"
      "  lamplighter keep dev running for 3h");
  verb.runs([options] { return keep(*options); });
}

}  // namespace lamplighter::cli
