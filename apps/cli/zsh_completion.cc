// Completion for zsh, by its _arguments.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/cli/completion_script.h"

namespace lamplighter::cli {
namespace {

constexpr std::string_view kBegin = R"(#compdef lamplighter
# Completion of lamplighter for zsh, by `lamplighter completion zsh`.
_lamplighter() {
  local context state state_descr line verb
  typeset -A opt_args
  local -a verbs
)";
constexpr std::string_view kVerb = R"(  _arguments -C '1: :->verb' '*:: :->argument' && return
  if [[ $state == verb ]]; then
    _describe -t verbs verb verbs
    return
  fi
  verb=$words[1]
  case $verb in
)";
constexpr std::string_view kEnd = R"(    help) _describe -t verbs verb verbs ;;
  esac
}
if [[ $funcstack[1] == _lamplighter ]]; then _lamplighter "$@"; else compdef _lamplighter lamplighter; fi
)";

/// Within single quotes; what means something to _arguments (or _describe) is only itself.
std::string escaped(std::string_view text, std::string_view special) {
  std::string result;
  for (const char c : text) {
    if (c == '\'') {
      result += R"('\'')";
      continue;
    }
    if (special.find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

/// What completes a value: ":FILE:_files".
std::string values_of(const OptionOutline& option) {
  std::string action = " ";
  if (option.is_file()) action = "_files";
  if (option.is_directory()) action = "_files -/";
  if (!option.choices.empty()) action = fmt::format("({})", fmt::join(option.choices, " "));
  return fmt::format(":{}:{}", escaped(option.value, ":"), action);
}

std::string specification(const OptionOutline& option, const std::string& name) {
  std::string others;
  if (option.names.size() > 1 && !option.repeats) others = fmt::format("({})", fmt::join(option.names, " "));
  return fmt::format("'{}{}{}{}[{}]{}'", option.repeats ? "*" : "", others, name,
                     option.takes_value() && name.starts_with("--") ? "=" : "",
                     escaped(option.help, R"([]\)"), option.takes_value() ? values_of(option) : "");
}

std::string case_of(const VerbOutline& verb) {
  std::string text = fmt::format("    {}) _arguments -s", verb.name);
  for (const OptionOutline& option : verb.options) {
    for (const std::string& name : option.names) text += " \\\n      " + specification(option, name);
    if (option.is_argument())
      text += fmt::format(" \\\n      '{}{}'",
                          option.repeats    ? "*"
                          : option.required ? ""
                                            : ":",
                          values_of(option));
  }
  return text + " ;;\n";
}

}  // namespace

std::string zsh_completion(const Outline& outline) {
  std::string text(kBegin);
  text += "  verbs=(\n";
  for (const VerbOutline& verb : outline.verbs)
    text += fmt::format("    '{}:{}'\n", verb.name, escaped(verb.description, R"(:\)"));
  text += "    'help:Print the help of all, or of a verb'\n  )\n";
  text += kVerb;
  for (const VerbOutline& verb : outline.verbs) text += case_of(verb);
  text += kEnd;
  return text;
}

}  // namespace lamplighter::cli
