// A caller with an end: for work that must be done by a moment, whatever its calls meet.
#pragma once

#include "aws/client/caller.h"
#include "base/clock.h"

namespace lamplighter::aws {

/// Hands calls on until `end` (by the clock's steady()), which ends those under way; after it every call
/// fails at once as "RequestTimeout". Keeps references to both.
class LimitedCaller final : public Caller {
 public:
  LimitedCaller(Caller& caller, const Clock& clock, Time end) : caller_(caller), clock_(clock), end_(end) {}

  Result<std::string> call(const Target& target, std::string_view service, std::string_view action,
                           const Parameters& parameters) override {
    return caller_.call(TRY(limited(target)), service, action, parameters);
  }
  Result<std::string> call_json(const Target& target, std::string_view service, std::string_view action,
                                const json::object& body) override {
    return caller_.call_json(TRY(limited(target)), service, action, body);
  }
  [[nodiscard]] CallCounts counts() const override { return caller_.counts(); }

 private:
  [[nodiscard]] Result<Target> limited(const Target& target) const {
    const Duration left = end_ - clock_.steady();
    if (left <= Duration::zero()) return fail(ErrorKind::aws, "RequestTimeout", "no time is left to ask");
    Target limited = target;
    if (left < target.until.left().value_or(Duration::max())) limited.until = {&clock_, end_};
    return limited;
  }

  Caller& caller_;
  const Clock& clock_;
  Time end_;
};

}  // namespace lamplighter::aws
