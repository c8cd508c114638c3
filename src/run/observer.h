// Who watches a run while it goes on: a view on a terminal, the lines of a log, nobody.
#pragma once

#include <string>

#include "base/clock.h"
#include "run/progress.h"

namespace lamplighter::run {

/// What is to be said beside the run's progress.
struct Notice {
  enum class Lasts { a_while, to_the_end };
  std::string text;
  Lasts lasts = Lasts::a_while;  ///< how long it matters
};

/// For one thread, tell() aside.
class Observer {
 public:
  virtual ~Observer() = default;
  /// Shows the run as it is at `now` on the run's clock. Called a few times a second.
  virtual void show(const RunProgress& run, Time now) = 0;
  /// The last picture; afterwards the terminal is as it was.
  virtual void finish(const RunProgress& run, Time now) = 0;
  /// Says something that is no part of the picture, without spoiling that. From any thread.
  virtual void tell(const Notice& notice) = 0;
};

}  // namespace lamplighter::run
