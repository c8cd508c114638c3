// What happens at a keep's end: the state that the fleet's schedules want by then is brought about, by a
// schedule that is due once. What they want is decided when it comes (tasks/admission/keeps_end.h).
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "fleet/fleet.h"
#include "run/desk.h"
#include "tasks/admission/override.h"
#include "tasks/protocol/keeps_end.h"

namespace lamplighter::run {

/// What the fleet's schedules want of the keep's environments at its end; of one that is undone, only since
/// it was made. Errors: as fleet::verdict().
Result<tasks::KeepsEnd> end_of(const fleet::Fleet& fleet, const tasks::Override& keep);

/// Those of its environments that are brought into the opposite state then, if nobody says anything more than
/// `others`.
std::vector<std::string> opposed_at_end(const tasks::Override& keep, const tasks::KeepsEnd& end,
                                        const std::vector<tasks::Override>& others);

/// Whether somebody would bring that about there; why not, else "".
std::string nobody_to_end_keeps(Desk& desk, const fleet::Fleet& fleet, const Place& place);

/// Makes or moves the schedule of the keep. Errors: the API's.
Status schedule_end(Desk& desk, const fleet::Fleet& fleet, const Place& place, const tasks::Override& keep,
                    const tasks::KeepsEnd& end);
/// Removes it. Errors: the API's.
Status forget_end(Desk& desk, const fleet::Fleet& fleet, const Place& place, const tasks::Override& keep);

}  // namespace lamplighter::run
