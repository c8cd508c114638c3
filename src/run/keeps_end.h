// What happens at a keep's end: the state that the fleet's schedules want by then is brought about, by a
// schedule that is due once.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "fleet/fleet.h"
#include "run/desk.h"
#include "tasks/admission/override.h"

namespace lamplighter::run {

/// The environments of a keep that are to be brought into the opposite state at its end: those whose latest
/// occurrence before wants it (of one that is undone: unless an occurrence within says otherwise). None at
/// whose end an occurrence does so itself. `others` are the overrides by which occurrences may be left out.
/// Errors: as fleet::verdict().
Result<std::vector<std::string>> opposed_at_end(const fleet::Fleet& fleet, const tasks::Override& keep,
                                                const std::vector<tasks::Override>& others);

/// Whether somebody would bring that about there; why not, else "".
std::string nobody_to_end_keeps(Desk& desk, const fleet::Fleet& fleet, const Place& place);

/// Makes, moves or removes the schedule of the keep, as `environments` have it. Errors: the API's.
Status schedule_end(Desk& desk, const fleet::Fleet& fleet, const Place& place, const tasks::Override& keep,
                    const std::vector<std::string>& environments);
/// Removes it. Errors: the API's.
Status forget_end(Desk& desk, const fleet::Fleet& fleet, const Place& place, const tasks::Override& keep);

}  // namespace lamplighter::run
