// What a person sees while a run goes on.
#pragma once

#include <memory>

#include "base/clock.h"
#include "cmd/progress.h"

namespace lamplighter::cmd {

/// For one thread.
class View {
 public:
  virtual ~View() = default;
  /// Shows the run as it is at `now` on the run's clock. Called a few times a second.
  virtual void show(const RunProgress& run, Time now) = 0;
  /// The last picture; afterwards the terminal is as it was.
  virtual void finish(const RunProgress& run, Time now) = 0;
};

/// Redraws a picture in place on a terminal, prints a line for each step elsewhere. On standard output, or
/// on standard error where standard output is for JSON.
std::unique_ptr<View> make_view(bool json);

}  // namespace lamplighter::cmd
