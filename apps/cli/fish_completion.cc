// Completion for fish: a `complete` a verb and option.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/cli/completion_script.h"

namespace lamplighter::cli {
namespace {

constexpr std::string_view kBegin = R"(# Completion of lamplighter for fish, by `lamplighter completion fish`.
function __lamplighter_verb_is
  for word in (commandline -opc)[2..-1]
    if not string match -q -- '-*' $word
      test "$word" = "$argv[1]"
      return
    end
  end
  test -z "$argv[1]"
end
complete -c lamplighter -f
)";

std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + "'";
}

/// What completes a value; fish completes files where nothing is said.
std::string values_of(const OptionOutline& option) {
  if (option.is_file()) return " -F";
  if (option.is_directory()) return " -a '(__fish_complete_directories)'";
  return option.choices.empty() ? "" : fmt::format(" -a '{}'", fmt::join(option.choices, " "));
}

std::string line_of(const std::string& verb, const OptionOutline& option) {
  std::string line =
      fmt::format("complete -c lamplighter -n '__lamplighter_verb_is {}'", verb.empty() ? "\"\"" : verb);
  for (const std::string& name : option.names)
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (option.takes_value()) line += values_of(option);
  if (option.takes_value() && !option.is_argument()) line += option.is_file() ? " -r" : " -x";
  return line + " -d " + quoted(option.help) + "\n";
}

}  // namespace

std::string fish_completion(const Outline& outline) {
  std::string text(kBegin);
  const auto offer_verb = [&text](const std::string& name, const std::string& description) {
    text += fmt::format("complete -c lamplighter -n '__lamplighter_verb_is \"\"' -a {} -d {}\n", name,
                        quoted(description));
  };
  for (const VerbOutline& verb : outline.verbs) offer_verb(verb.name, verb.description);
  offer_verb("help", "Print the help of all, or of a verb");
  std::vector<std::string> names;
  for (const VerbOutline& verb : outline.verbs) names.push_back(verb.name);
  text +=
      fmt::format("complete -c lamplighter -n '__lamplighter_verb_is help' -a '{}'\n", fmt::join(names, " "));
  for (const OptionOutline& option : outline.program.options) text += line_of("", option);
  for (const VerbOutline& verb : outline.verbs) {
    for (const OptionOutline& option : verb.options) {
      const bool nothing_to_offer = option.is_argument() && values_of(option).empty();
      if (!nothing_to_offer) text += line_of(verb.name, option);
    }
  }
  return text;
}

}  // namespace lamplighter::cli
