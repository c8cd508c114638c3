#include "tasks/protocol/action.h"

#include "json/reader.h"

namespace lamplighter::tasks {

std::string_view to_string(Action action) { return action == Action::start ? "start" : "stop"; }

std::optional<Action> parse_action(std::string_view word) {
  for (const Action action : {Action::start, Action::stop}) {
    if (word == to_string(action)) return action;
  }
  return std::nullopt;
}

Result<Action> read_action(const Reader& fields) {
  if (const auto action = parse_action(TRY(fields.text("action")))) return *action;
  return fields.unexpected("action", "\"start\" or \"stop\"");
}

}  // namespace lamplighter::tasks
