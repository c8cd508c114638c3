// For the tests of this directory: a cloud some of whose regions don't answer.
#pragma once

#include <algorithm>
#include <string>

#include "aws/client/caller.h"
#include "base/clock.h"

namespace lamplighter::tasks {

/// Hands calls on; in dark regions they take all the time that they may, and then fail.
class PartlyDark final : public aws::Caller {
 public:
  PartlyDark(aws::Caller& caller, Clock& clock) : caller_(caller), clock_(clock) {}
  Result<std::string> call(const aws::Target& target, std::string_view service, std::string_view action,
                           const aws::Parameters& parameters) override {
    if (dark.empty() || !target.region.starts_with(dark))
      return caller_.call(target, service, action, parameters);
    constexpr Duration kUsual = std::chrono::seconds{62};
    clock_.sleep(std::min(target.until.left().value_or(kUsual), kUsual));
    return fail(ErrorKind::aws, "RequestTimeout", "it is silent");
  }
  [[nodiscard]] aws::CallCounts counts() const override { return {}; }
  std::string dark;

 private:
  aws::Caller& caller_;
  Clock& clock_;
};

}  // namespace lamplighter::tasks
