#include "bench/fleet/fixed_schedule.h"

namespace lamplighter::bench {
namespace {

constexpr Duration kStateInterval = std::chrono::seconds(15);
constexpr int kStateLooks = 5;
constexpr Duration kHealthInterval = std::chrono::seconds(45);
constexpr int kHealthLooks = 6;

/// Sleeps before each look. False: gave up.
template <class Look>
Result<bool> look_until(Clock& clock, Duration interval, int looks, Look look) {
  for (int i = 0; i < looks; ++i) {
    clock.sleep(interval);
    if (TRY(look())) return true;
  }
  return false;
}

}  // namespace

Result<bool> wait_by_fixed_schedule(aws::Ec2& ec2, Clock& clock, tasks::Action action,
                                    const std::vector<std::string>& ids) {
  const bool starting = action == tasks::Action::start;
  const bool in_state = TRY(look_until(clock, kStateInterval, kStateLooks, [&] {
    return all_in_state(ec2, ids, starting ? "running" : "stopped");
  }));
  if (!in_state || !starting) return in_state;
  return look_until(clock, kHealthInterval, kHealthLooks, [&] { return all_healthy(ec2, ids); });
}

}  // namespace lamplighter::bench
