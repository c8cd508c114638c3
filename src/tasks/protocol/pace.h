// How long to wait between two looks at servers that are not ready yet. The handler waits by it, and synth
// counts with it how many looks a phase can need: both must use the same law, so it stands here.
#pragma once

#include "base/result.h"
#include "json/json.h"

namespace lamplighter {
class Reader;
}

namespace lamplighter::tasks {

/// Bounds of the wait between two looks, in whole seconds, 1 ≤ min ≤ max.
struct Pace {
  int min = 1;
  int max = 5;

  friend bool operator==(const Pace&, const Pace&) = default;
};

/// {"min", "max"}.
json::object to_json(const Pace& pace);
/// The member "wait".
Result<Pace> read_pace(const Reader& fields);

/// The wait after a look, in seconds: a thirtieth of what has passed since the phase's first look, within the
/// pace's bounds, but never past the deadline, and at least 1. So where `min` allows it a look comes at most
/// about 3% too late, and a long wait needs few looks.
int next_wait(const Pace& pace, int elapsed_seconds, int timeout_seconds);

/// The most looks that a phase can take until its timeout: the first, one after each wait, and the last at
/// the deadline.
int most_looks(const Pace& pace, int timeout_seconds);

}  // namespace lamplighter::tasks
