#include "bench/fleet/script.h"

#include <algorithm>

#include "run/simulated_world.h"

namespace lamplighter::bench {
namespace {

Result<std::vector<std::string>> find_ids(aws::Ec2& ec2, const tasks::Selector& selector) {
  std::vector<std::string> ids = selector.ids;
  std::vector<std::vector<aws::Filter>> searches;
  if (!selector.names.empty()) searches.push_back({{"tag:Name", selector.names}});
  for (const tasks::Tags& tags : selector.tags) {
    std::vector<aws::Filter> filters;
    for (const auto& [key, value] : tags) filters.push_back({"tag:" + key, {value}});
    searches.push_back(std::move(filters));
  }
  for (const auto& filters : searches) {
    for (const aws::Instance& instance : TRY(ec2.describe_instances(filters))) ids.push_back(instance.id);
  }
  return ids;
}

/// False: gave up.
Result<bool> run_environment(run::SimulatedWorld& world, tasks::Action action,
                             const fleet::Environment& environment, WaitForPhase wait) {
  aws::Ec2 ec2(world.caller(), {environment.region, ""});
  std::vector<fleet::Phase> phases = environment.phases;
  if (action == tasks::Action::stop) std::reverse(phases.begin(), phases.end());
  for (const fleet::Phase& phase : phases) {
    const auto ids = TRY(find_ids(ec2, phase.servers));
    CHECK_OK(action == tasks::Action::start ? ec2.start_instances(ids) : ec2.stop_instances(ids));
    if (!TRY(wait(ec2, world.clock(), action, ids))) return false;
    if (&phase != &phases.back()) world.clock().sleep(phase.settle);
  }
  return true;
}

}  // namespace

Result<ScriptRun> run_script(const fleet::Fleet& fleet, tasks::Action action, const simcloud::CloudSpec& spec,
                             Time start, WaitForPhase wait) {
  ScriptRun run;
  for (const fleet::Environment& environment : fleet.environments) {
    // Each in a cloud of its own: what a server draws is the same in all of them.
    const auto world = TRY(run::SimulatedWorld::make(spec, start));
    run.gave_up = !TRY(run_environment(*world, action, environment, wait)) || run.gave_up;
    run.length = std::max(run.length, world->clock().now() - start);
    for (const auto& [api, count] : world->caller().counts()) run.ec2_calls += count;
  }
  return run;
}

Result<bool> all_in_state(aws::Ec2& ec2, const std::vector<std::string>& ids, std::string_view state) {
  const auto instances = TRY(ec2.describe_instances({{"instance-id", ids}}));
  return std::all_of(instances.begin(), instances.end(),
                     [&](const aws::Instance& instance) { return instance.state == state; });
}

Result<bool> all_healthy(aws::Ec2& ec2, const std::vector<std::string>& ids) {
  const auto statuses = TRY(ec2.describe_instance_status(ids));
  return std::all_of(statuses.begin(), statuses.end(), [](const aws::InstanceStatus& status) {
    return status.instance_status == "ok" && status.system_status == "ok";
  });
}

}  // namespace lamplighter::bench
