#include "bench/fleet/fixed_schedule.h"

#include <algorithm>

#include "aws/services/ec2.h"
#include "run/simulated_world.h"

namespace lamplighter::bench {
namespace {

constexpr Duration kStateInterval = std::chrono::seconds(15);
constexpr int kStateLooks = 5;
constexpr Duration kHealthInterval = std::chrono::seconds(45);
constexpr int kHealthLooks = 6;

Result<std::vector<std::string>> find_ids(aws::Ec2& ec2, const fleet::Selector& selector) {
  std::vector<std::string> ids = selector.ids;
  std::vector<std::vector<aws::Filter>> searches;
  if (!selector.names.empty()) searches.push_back({{"tag:Name", selector.names}});
  for (const fleet::Tags& tags : selector.tags) {
    std::vector<aws::Filter> filters;
    for (const auto& [key, value] : tags) filters.push_back({"tag:" + key, {value}});
    searches.push_back(std::move(filters));
  }
  for (const auto& filters : searches) {
    for (const aws::Instance& instance : TRY(ec2.describe_instances(filters))) ids.push_back(instance.id);
  }
  return ids;
}

/// Looks every `interval`, at most `looks` times. False: gave up.
template <class Look>
Result<bool> look_until(Clock& clock, Duration interval, int looks, Look look) {
  for (int i = 0; i < looks; ++i) {
    clock.sleep(interval);
    if (TRY(look())) return true;
  }
  return false;
}

Result<bool> run_phase(aws::Ec2& ec2, Clock& clock, fleet::Action action, const fleet::Phase& phase) {
  const bool starting = action == fleet::Action::start;
  const auto ids = TRY(find_ids(ec2, phase.servers));
  CHECK_OK(starting ? ec2.start_instances(ids) : ec2.stop_instances(ids));
  const bool in_state = TRY(look_until(clock, kStateInterval, kStateLooks, [&]() -> Result<bool> {
    const auto instances = TRY(ec2.describe_instances({{"instance-id", ids}}));
    return std::all_of(instances.begin(), instances.end(), [&](const aws::Instance& instance) {
      return instance.state == (starting ? "running" : "stopped");
    });
  }));
  if (!in_state || !starting) return in_state;
  return look_until(clock, kHealthInterval, kHealthLooks, [&]() -> Result<bool> {
    const auto statuses = TRY(ec2.describe_instance_status(ids));
    return std::all_of(statuses.begin(), statuses.end(), [](const aws::InstanceStatus& status) {
      return status.instance_status == "ok" && status.system_status == "ok";
    });
  });
}

}  // namespace

Result<FixedScheduleRun> run_fixed_schedule(const fleet::Fleet& fleet, fleet::Action action,
                                            const simcloud::CloudSpec& spec, Time start) {
  FixedScheduleRun run;
  for (const fleet::Environment& environment : fleet.environments) {
    // Each in a cloud of its own: what a server draws is the same in all of them.
    const auto world = TRY(run::SimulatedWorld::make(spec, start));
    aws::Ec2 ec2(world->caller(), {environment.region, ""});
    std::vector<fleet::Phase> phases = environment.phases;
    if (action == fleet::Action::stop) std::reverse(phases.begin(), phases.end());
    bool going = true;
    for (std::size_t i = 0; i < phases.size() && going; ++i) {
      going = TRY(run_phase(ec2, world->clock(), action, phases[i]));
      const bool last = i + 1 == phases.size();
      if (going && !last) world->clock().sleep(phases[i].settle);
    }
    run.gave_up = run.gave_up || !going;
    run.length = std::max(run.length, world->clock().now() - start);
    for (const auto& [api, count] : world->caller().counts()) run.calls += count;
  }
  return run;
}

}  // namespace lamplighter::bench
