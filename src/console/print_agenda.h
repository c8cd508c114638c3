// What schedules will do, and what they missed, printed.
#pragma once

#include <vector>

#include "json/json.h"
#include "run/agenda.h"

namespace lamplighter::console {

/// Occurrences in a table, each on its schedule's clock and on UTC's where that differs; below it the
/// schedules that have none there, and why; and what was missed.
void print_agenda(const run::Agenda& agenda, const std::vector<run::AgendaEntry>& entries);

/// An array, an object an occurrence, a schedule without one, or what was missed (docs/cli.md, "next").
json::array to_json(const run::Agenda& agenda, const std::vector<run::AgendaEntry>& entries);

}  // namespace lamplighter::console
