// Overrides as people and programs read them.
#pragma once

#include <cstdio>

#include "json/json.h"
#include "run/overrule.h"

namespace lamplighter::console {

/// What was made, what happens at its end, and how to end it before; a warning on standard error.
void print_made(const run::Overruled& done, std::FILE* out = stdout);
/// What has ended.
void print_ended(const run::Overruled& done);

/// A line each.
void print_overrides(const run::OverrideList& list);
/// An object each (docs/cli.md, "overrides").
json::array to_json(const run::OverrideList& list);

}  // namespace lamplighter::console
