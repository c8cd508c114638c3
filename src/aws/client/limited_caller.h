// A caller with an end: for work that must be done by a moment, whatever its calls meet.
#pragma once

#include "aws/client/caller.h"
#include "base/clock.h"

namespace lamplighter::aws {

/// Hands calls on until `end` (by the clock's steady()), each with the patience that is left; after it every
/// call fails at once as "RequestTimeout". Keeps references to both.
class LimitedCaller final : public Caller {
 public:
  LimitedCaller(Caller& caller, const Clock& clock, Time end) : caller_(caller), clock_(clock), end_(end) {}

  Result<std::string> call(const Target& target, std::string_view service, std::string_view action,
                           const Parameters& parameters) override {
    const Duration left = end_ - clock_.steady();
    if (left <= Duration::zero()) return fail(ErrorKind::aws, "RequestTimeout", "no time is left to ask");
    Target limited = target;
    if (target.patience <= Duration::zero() || left < target.patience) limited.patience = left;
    return caller_.call(limited, service, action, parameters);
  }
  [[nodiscard]] CallCounts counts() const override { return caller_.counts(); }

 private:
  Caller& caller_;
  const Clock& clock_;
  Time end_;
};

}  // namespace lamplighter::aws
