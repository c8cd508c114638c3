#include "run/run.h"

#include <algorithm>

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
  if (ways.simulate.empty()) return run_for_real(order, ways.real, view, report);
  ways.simulated.speed = TRY(parse_speed(ways.simulate));
  return report(TRY(run_simulated(order, ways.simulated, view)));
}

}  // namespace lamplighter::run
