// The branch of one environment: its phases one after another, and its own ends. Internal to machine/.
#pragma once

#include "fleet/fleet.h"
#include "json/json.h"
#include "machine/tasks.h"

namespace lamplighter::machine {

/// {"StartAt", "States"}. Ends with the object that docs/tasks.md calls a branch's end, whatever happens.
json::object branch(const Source& source, const fleet::Environment& environment);

/// A JSONata expression for the words in a caught error: its name and the message in its cause. `error` is
/// the expression of the error output. Cannot fail.
std::string error_words(const std::string& error);

}  // namespace lamplighter::machine
