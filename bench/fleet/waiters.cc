#include "bench/fleet/waiters.h"

namespace lamplighter::bench {
namespace {

// As botocore's data/ec2/2016-11-15/waiters-2.json says of all three.
constexpr Duration kDelay = std::chrono::seconds(15);
constexpr int kMaxAttempts = 40;

/// Looks before it sleeps. False: gave up.
template <class Look>
Result<bool> wait_until(Clock& clock, Look look) {
  for (int attempt = 1; !TRY(look()); ++attempt) {
    if (attempt == kMaxAttempts) return false;
    clock.sleep(kDelay);
  }
  return true;
}

}  // namespace

Result<bool> wait_with_waiters(aws::Ec2& ec2, Clock& clock, tasks::Action action,
                               const std::vector<std::string>& ids) {
  if (action == tasks::Action::stop) {
    return wait_until(clock, [&] { return all_in_state(ec2, ids, "stopped"); });
  }
  const bool running = TRY(wait_until(clock, [&] { return all_in_state(ec2, ids, "running"); }));
  if (!running) return false;
  return wait_until(clock, [&] { return all_healthy(ec2, ids); });
}

}  // namespace lamplighter::bench
