#include "run/despite_keeps.h"

#include "tasks/admission/ruling.h"

namespace lamplighter::run {

void add_how_to_overrule(Outcome& outcome, Command command) {
  const auto* environments = outcome.json.if_contains("environments");
  if (environments == nullptr) return;
  std::vector<std::string> refused;
  for (const json::value& environment : environments->as_array()) {
    if (tasks::says_how_to_overrule(get_string(environment, "reason")))
      refused.push_back(get_string(environment, "name"));
  }
  if (refused.empty()) return;
  command.arguments.insert(command.arguments.begin(), refused.begin(), refused.end());
  command.arguments.emplace_back("--override");
  outcome.trouble += (outcome.trouble.empty() ? "" : "\n") +
                     ("this does all the same what was refused:\n  " + command_text(command, SystemHost()));
}

}  // namespace lamplighter::run
