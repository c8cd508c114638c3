// A keep's end: the state that the schedules want by then is brought about. What they want is decided when it
// comes, by what people have skipped and paused until then.
#pragma once

#include <string>
#include <vector>

#include "tasks/admission/ruling.h"

namespace lamplighter::tasks {

/// Of what is done to an environment at a keep's end (`decision.occurrence->ends`): skipped, unless the
/// latest occurrence that stands wants it, or none does and the keep is undone. What was skipped or paused
/// before it was due doesn't stand; keeps change nothing of what schedules want. Pure.
Ruling ruling_at_end(const std::vector<Override>& overrides, const Decision& decision);

}  // namespace lamplighter::tasks
