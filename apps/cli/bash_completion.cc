// Completion for bash: one function, with a case a verb.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/cli/completion_script.h"

namespace lamplighter::cli {
namespace {

// bash takes "=" for a word of its own. Words stand in `words`; `paths` is what compgen calls a kind of path.
constexpr std::string_view kBegin = R"(# Completion of lamplighter for bash, by `lamplighter completion bash`.
_lamplighter() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} verb='' words='' paths='' i
  [[ $word == = ]] && word=''
  [[ $before == = ]] && before=${COMP_WORDS[COMP_CWORD - 2]}
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ ${COMP_WORDS[i]} == -* ]] || { verb=${COMP_WORDS[i]}; break; }
  done
  COMPREPLY=()
  case $verb in
)";
constexpr std::string_view kEnd = R"(  esac
  if [[ $paths ]]; then
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -A "$paths" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  fi
}
complete -F _lamplighter lamplighter
)";

/// What completes a value, as an assignment; "" for what can't be known.
std::string values_of(const OptionOutline& option) {
  if (option.is_file()) return "paths=file";
  if (option.is_directory()) return "paths=directory";
  return option.choices.empty() ? "" : fmt::format("words='{}'", fmt::join(option.choices, " "));
}

/// An option's value is completed behind it; else there are options, where the word begins as one, and the
/// values of arguments.
std::string case_of(const VerbOutline& verb) {
  std::string behind;
  std::vector<std::string> names;
  std::string arguments;
  for (const OptionOutline& option : verb.options) {
    names.insert(names.end(), option.names.begin(), option.names.end());
    if (option.is_argument()) {
      if (arguments.empty()) arguments = values_of(option);
    } else if (option.takes_value()) {
      const std::string values = values_of(option);
      behind += fmt::format("        {}) {};;\n", fmt::join(option.names, " | "),
                            values.empty() ? "" : values + " ");
    }
  }
  return fmt::format(
      "    {})\n      case $before in\n{}        *) if [[ $word == -* ]]; then words='{}'; else {}; fi ;;\n  "
      "    esac ;;\n",
      verb.name, behind, fmt::join(names, " "), arguments.empty() ? ":" : arguments);
}

std::string case_without_verb(const Outline& outline) {
  std::vector<std::string> words{"help"};
  for (const VerbOutline& verb : outline.verbs) words.push_back(verb.name);
  for (const OptionOutline& option : outline.program.options)
    words.insert(words.end(), option.names.begin(), option.names.end());
  return fmt::format("    '' | help) words='{}' ;;\n", fmt::join(words, " "));
}

}  // namespace

std::string bash_completion(const Outline& outline) {
  std::string text(kBegin);
  text += case_without_verb(outline);
  for (const VerbOutline& verb : outline.verbs) text += case_of(verb);
  text += kEnd;
  return text;
}

}  // namespace lamplighter::cli
