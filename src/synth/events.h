// How many events an execution can have, and the pace of looking that keeps them under Step Functions' limit.
#pragma once

#include <string>
#include <vector>

#include "base/pacing.h"
#include "base/result.h"
#include "fleet/fleet.h"

namespace lamplighter::synth {

/// Step Functions ends an execution that would pass this many events.
inline constexpr int kMaxEvents = 25'000;

/// The most events of one execution over `environments` (empty for all): every phase becomes ready at its
/// last look, at its timeout. Retried tasks are not counted: each retry adds 3 events.
///
/// A look is a Task (5 events) and a Choice (2), a wait between two looks 2; what a phase, an environment and
/// an execution add once stands in events.cc.
long most_events(const fleet::Fleet& fleet, const std::vector<std::string>& environments, const Pace& pace);

/// The densest of a few paces whose most_events() stays under the limit: a small fleet is looked at often,
/// since its looks cost next to nothing. Error: bad_input "TooManyEvents" with the figure.
Result<Pace> cloud_pace(const fleet::Fleet& fleet, const std::vector<std::string>& environments);

}  // namespace lamplighter::synth
