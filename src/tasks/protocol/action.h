// What is done to environments.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"

namespace lamplighter {
class Reader;
}

namespace lamplighter::tasks {

enum class Action { start, stop };

/// "start", "stop".
std::string_view to_string(Action action);
/// nullopt for any other word.
std::optional<Action> parse_action(std::string_view word);
/// The member "action".
Result<Action> read_action(const Reader& fields);

}  // namespace lamplighter::tasks
