// `lamplighter completion` and `manual-page`: what else is made from the verbs.
#include <memory>

#include "apps/cli/completion_script.h"
#include "apps/cli/manual_page.h"
#include "apps/cli/verbs.h"
#include "apps/cli/version.h"
#include "console/print.h"

namespace lamplighter::cli {
namespace {

std::string script_for(const std::string& shell, const Outline& outline) {
  if (shell == "bash") return bash_completion(outline);
  return shell == "zsh" ? zsh_completion(outline) : fish_completion(outline);
}

}  // namespace

void add_completion(CommandLine& line) {
  Verb verb = line.verb("completion", "Print what completes this command line in a shell");
  const auto shell = std::make_shared<std::string>();
  verb.option("shell", *shell, "Which").required().called("SHELL").one_of({"bash", "zsh", "fish"});
  verb.footer(
      "Examples:\n"
      "  source <(lamplighter completion bash)\n"
      "  lamplighter completion zsh > ~/.zfunc/_lamplighter\n"
      "  lamplighter completion fish > ~/.config/fish/completions/lamplighter.fish");
  verb.runs([shell, &line]() -> Status {
    console::print_text(stdout, script_for(*shell, line.outline()));
    return {};
  });
}

void add_manual_page(CommandLine& line) {
  Verb verb = line.verb("manual-page", "Print lamplighter(1), for man");
  verb.footer("Example:\n  lamplighter manual-page > ~/.local/share/man/man1/lamplighter.1");
  verb.runs([&line]() -> Status {
    console::print_text(stdout, manual_page(line.outline(), version_number()));
    return {};
  });
}

}  // namespace lamplighter::cli
