// How long to wait between two looks at servers that are not ready yet. The handler waits by it, and survey
// and validate share an execution's events out by it: all must use the same law, so it stands here.
#pragma once

#include "tasks/protocol/action.h"

namespace lamplighter::tasks {

/// The looks that one phase may take, and what they are spread over.
struct LookBudget {
  Action action = Action::start;
  int looks = 0;    ///< in all, kFewestLooks at least
  int timeout = 0;  ///< seconds from the phase's first look to its deadline
  int floor = 1;    ///< the shortest wait, in seconds
};

/// The first look, two in between and the one at the deadline.
inline constexpr int kFewestLooks = 4;
/// More would gain nothing.
inline constexpr int kMostLooks = 200;

/// The seconds to wait after a look that was made `elapsed` seconds after the phase's first: at least
/// `floor`, but never past the deadline; past it, 1. Looks are dense where servers become ready (a stop
/// takes 20 to 90 s, a start 60 to 240 s), rare before, and a larger part of what has passed thereafter.
/// With a large budget a look comes at most about 3% too late.
///
/// Whoever waits by it takes at most `looks` looks less spare_looks() until the deadline, however long each
/// look itself takes: a later look never leads to an earlier one.
int next_wait(const LookBudget& budget, int elapsed);

/// How many of a phase's looks are not next_wait()'s: for those that something else asks for (a turn at AWS's
/// rates, an error that passes).
int spare_looks(int looks);

/// The most looks that next_wait() leads to.
int most_looks(const LookBudget& budget);

}  // namespace lamplighter::tasks
