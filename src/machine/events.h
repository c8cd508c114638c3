// How many events an execution can have, and the pace of looking that keeps them under the limit that Step
// Functions and the embedded engine share.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "fleet/fleet.h"
#include "tasks/protocol/pace.h"

namespace lamplighter::machine {

/// The most events of one execution over `environments` (empty for all): every phase becomes ready at its
/// last look, at its timeout. Retried tasks are not counted: each retry adds 3 events.
///
/// A look is a Task (5 events) and a Choice (2), a wait between two looks 2; what a phase, an environment and
/// an execution add once stands in events.cc.
long most_events(const fleet::Fleet& fleet, const std::vector<std::string>& environments,
                 const tasks::Pace& pace);

/// From dense to sparse: the embedded engine looks often; in the cloud each look costs transitions. 28
/// seconds is what 40 environments of two phases with the usual 15 minutes take.
inline constexpr tasks::Pace kEmbeddedPaces[] = {{1, 5},   {2, 10},  {5, 20},    {15, 60},
                                                 {28, 60}, {60, 60}, {120, 120}, {300, 300}};
inline constexpr tasks::Pace kCloudPaces[] = {{5, 60},  {10, 60}, {15, 60},   {20, 60},
                                              {28, 60}, {60, 60}, {120, 120}, {300, 300}};

/// The first of `paces` whose most_events() stays under the limit. Error: bad_input "TooManyEvents" with the
/// figure.
Result<tasks::Pace> fitting_pace(const fleet::Fleet& fleet, const std::vector<std::string>& environments,
                                 std::span<const tasks::Pace> paces);

}  // namespace lamplighter::machine
