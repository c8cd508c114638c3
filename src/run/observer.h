// Who watches a run while it goes on: a view on a terminal, the lines of a log, nobody.
#pragma once

#include "base/clock.h"
#include "run/progress.h"

namespace lamplighter::run {

/// For one thread.
class Observer {
 public:
  virtual ~Observer() = default;
  /// Shows the run as it is at `now` on the run's clock. Called a few times a second.
  virtual void show(const RunProgress& run, Time now) = 0;
  /// The last picture; afterwards the terminal is as it was.
  virtual void finish(const RunProgress& run, Time now) = 0;
};

}  // namespace lamplighter::run
