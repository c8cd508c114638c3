#include "run/start_in_cloud.h"

#include <algorithm>

#include <fmt/format.h>

#include "run/interrupt.h"
#include "run/put_machine.h"
#include "run/started_by.h"
#include "run/watch.h"

namespace lamplighter::run {
namespace {

tl::unexpected<Error> not_deployed(const std::string& what) {
  return fail(ErrorKind::bad_input, "NotDeployed",
              fmt::format("nothing was changed: {}. lamplighter synth makes what is to be deployed", what));
}

/// The machine, which must know the environments that are meant.
Result<engine::StateMachine> deployed(engine::Executions& executions, const RunOrder& order,
                                      const std::string& name, const std::string& region) {
  const auto machine = TRY(find_machine(executions, name));
  if (!machine) return not_deployed(fmt::format("found no state machine {} in {}", name, region));
  const auto shape = machine::read_shape(TRY(parse_json(machine->definition)));
  if (!shape) return not_deployed(name + " is not of Lamplighter's making");
  for (const auto& wanted : order.shape.environments) {
    const auto is_it = [&](const auto& one) { return one.name() == wanted.name(); };
    if (std::none_of(shape->environments.begin(), shape->environments.end(), is_it))
      return not_deployed(fmt::format("{} has no environment {}", name, wanted.name()));
  }
  return *machine;
}

/// Who may start the machine need not be let look at servers.
Overview overview_of(const RunOrder& order, const std::string& machine, Desk& desk) {
  const auto is_known = [](const std::string& account) { return account != kUnknownAccount; };
  auto told = desk.overview(order.shape);
  if (told && std::any_of(told->accounts.begin(), told->accounts.end(), is_known)) {
    told->credentials += fmt::format(", by way of {} on AWS", machine);
    return *std::move(told);
  }
  Overview overview;
  overview.credentials = machine + " on AWS";
  for (const auto& environment : order.shape.environments)
    overview.environments.push_back(fmt::format("{} ({})", environment.name(), environment.region()));
  return overview;
}

}  // namespace

Result<int> start_in_cloud(RunOrder order, const Place& place, const std::string& machine,
                           const std::function<bool(const Overview&)>& confirmed, Observer& view,
                           const Report& report) {
  auto desk = TRY(open_desk(place));
  const auto found = TRY(deployed(desk->executions(), order, machine, place.cloud->region));
  if (confirmed && !confirmed(overview_of(order, machine, *desk)))
    return fail(ErrorKind::bad_input, "Usage", "nothing was stopped");
  order.input[kStartedBy] = started_by_this_user();
  const Interrupt interrupt;
  const auto execution =
      TRY(desk->executions().start_execution(found.arn, order.execution, json_text(order.input)));
  return report(TRY(watch_at(place, std::move(desk), execution.arn, view)));
}

}  // namespace lamplighter::run
