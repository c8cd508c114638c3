// lamplighter overrides: lists what people have decided, and ends it.
#include <charconv>
#include <cstdint>
#include <memory>

#include <fmt/format.h>

#include "apps/cli/overruling.h"
#include "apps/cli/verbs.h"
#include "base/plain_text.h"
#include "console/print.h"
#include "console/print_overrides.h"

namespace lamplighter::cli {
namespace {

struct OverridesVerb {
  PlaceOptions place;
  std::vector<std::string> words;
  bool json = false;
};

/// Of "end 3".
Result<std::uint64_t> number_of(const std::vector<std::string>& words) {
  if (words.size() == 2 && words.front() == "end") {
    const std::string& text = words.back();
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) return number;
  }
  return fail(ErrorKind::bad_input, "Usage",
              fmt::format("found \"{}\", expected nothing, or end and the number of an override: end 3",
                          plain_line(words.back())));
}

Status overrides(const OverridesVerb& options) {
  const auto where = TRY(overruling_of(options.place));
  if (!options.words.empty()) {
    console::print_ended(TRY(run::end_override(where, TRY(number_of(options.words)))));
    return {};
  }
  const auto list = TRY(run::overrides_at(where));
  if (options.json) {
    console::print_json(console::to_json(list));
  } else {
    console::print_overrides(list);
  }
  return {};
}

}  // namespace

void add_overrides(CommandLine& line) {
  Verb verb = line.verb("overrides", "List the overrides that are in force, or end one");
  const auto options = std::make_shared<OverridesVerb>();
  verb.option("words", options->words, "Ends that one, instead of listing all").called("end ID");
  verb.flag("--json", options->json, "As a JSON array, an object an override");
  add_overruling(verb, options->place);
  verb.footer("Examples:\n  lamplighter overrides\n  lamplighter overrides end 3");
  verb.runs([options] { return overrides(*options); });
}

}  // namespace lamplighter::cli
