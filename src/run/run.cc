#include "run/run.h"

#include <algorithm>

#include "run/desk.h"
#include "run/hand_over.h"
#include "run/socket_caller.h"

namespace lamplighter::run {
namespace {

Status check(const Ways& ways) {
  if (ways.simulate.empty() && !ways.simulated.faults.empty())
    return fail(ErrorKind::bad_input, "Usage", "--fault needs --simulate: AWS has no faults on request");
  if (!ways.simulate.empty() && ways.real.speed != 1)
    return fail(ErrorKind::bad_input, "Usage",
                "--speed belongs to lamplighter simulate's --speed: with --simulate, say --simulate=SPEED");
  return {};
}

/// Here, or where the state directory is held. Who holds it may leave, or come, at any moment: then it is
/// tried once more in the other way, and nobody is asked twice.
Result<int> run_where_it_is_held(const RunOrder& order, RealRun options, Observer& view,
                                 const Report& report) {
  if (auto desk = TRY(desk_of_holder(options.state_dir))) {
    auto code = hand_over(order, options, std::move(desk), view, report);
    if (code || code.error().code != kNobodyThere) return code;
    options.confirmed = nullptr;
  }
  auto code = run_for_real(order, options, view, report);
  if (code || code.error().code != "StateDirectoryInUse") return code;
  options.confirmed = nullptr;
  auto desk = TRY(open_desk({options.state_dir, std::nullopt}, Purpose::change));
  if (desk->holder() != nullptr) return hand_over(order, options, std::move(desk), view, report);
  desk.reset();
  return run_for_real(order, options, view, report);
}

}  // namespace

void take_speed(Ways& ways, std::vector<std::string>& environments, const fleet::Fleet& fleet) {
  if (ways.simulate.empty()) return;
  const auto is_speed = [&](const std::string& name) {
    const auto is_it = [&](const fleet::Environment& environment) { return environment.name == name; };
    return parse_speed(name) && std::none_of(fleet.environments.begin(), fleet.environments.end(), is_it);
  };
  const auto found = std::find_if(environments.begin(), environments.end(), is_speed);
  if (found == environments.end()) return;
  ways.simulate = *found;
  environments.erase(found);
}

Result<int> run(const RunOrder& order, Ways ways, Observer& view, const Report& report) {
  CHECK_OK(check(ways));
  if (ways.simulate.empty()) return run_where_it_is_held(order, std::move(ways.real), view, report);
  ways.simulated.speed = TRY(parse_speed(ways.simulate));
  return report(TRY(run_simulated(order, ways.simulated, view)));
}

}  // namespace lamplighter::run
