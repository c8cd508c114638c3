// When the faults that were asked for strike: counts "*N" down and draws the probabilities.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "simcloud/fault.h"

namespace lamplighter::simcloud {

/// The faults of one cloud. Not thread safe.
class FaultPlan {
 public:
  FaultPlan(const std::vector<Fault>& faults, const Random& random);

  /// Does the fault strike this server now? Uses up one of its times if so.
  bool strikes(FaultKind kind, std::string_view server);

  /// The fault that strikes the call that is now being answered: throttle, error or reset.
  std::optional<FaultKind> strikes_call();

  /// For a reset: was the call carried out before the connection broke?
  bool reset_after_the_fact() { return random_.chance(0.5); }

  /// Was the fault asked for of this server, without a number of times?
  [[nodiscard]] bool lasts(FaultKind kind, std::string_view server) const;

 private:
  struct Armed {
    Fault fault;
    int left;  ///< -1: without end
    Random random;
  };
  static bool use(Armed& armed);

  std::vector<Armed> armed_;
  Random random_;
};

}  // namespace lamplighter::simcloud
