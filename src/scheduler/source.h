// Where schedules come from: a fleet file, or what people made through an API.
#pragma once

#include <functional>
#include <optional>

#include "base/clock.h"
#include "base/result.h"
#include "scheduler/standing.h"

namespace lamplighter::scheduler {

/// For one thread.
class Source {
 public:
  virtual ~Source() = default;
  /// Goes on from what the store knows. To be called first. Errors: the store's.
  virtual Status begin() = 0;
  /// Looks whether the schedules changed. Called about once a second.
  virtual void look() = 0;
  /// Starts what is due, until `ending` says that nothing is to be started any more. Gives when it has to be
  /// called again at the latest; nothing where only a change of the schedules, or of the clock, can matter.
  virtual std::optional<Time> turn(const std::function<bool()>& ending) = 0;
  [[nodiscard]] virtual Standing standing() const = 0;
};

}  // namespace lamplighter::scheduler
