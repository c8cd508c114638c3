#include "run/cancel.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/who.h"
#include "coordination/engine_id.h"
#include "run/command.h"
#include "run/executions.h"
#include "run/past.h"
#include "tasks/admission/tenure.h"
#include "tasks/protocol/execution_name.h"

namespace lamplighter::run {
namespace {

/// Those that are meant, of those that the execution works on.
Result<std::vector<std::string>> meant(const CancelOrder& order, const machine::Shape& shape) {
  std::vector<std::string> names;
  for (const auto& environment : shape.environments) names.push_back(environment.name());
  for (const auto& wanted : order.environments) {
    if (std::find(names.begin(), names.end(), wanted) != names.end()) continue;
    return fail(ErrorKind::bad_input, "EnvironmentNotInRun",
                fmt::format("nothing was changed: found the environment \"{}\", expected one that the "
                            "execution works on: {}",
                            wanted, fmt::join(names, ", ")));
  }
  return order.environments.empty() ? names : order.environments;
}

/// What leases call it. Where several engines share a table, its engine's id is in its own table.
Result<std::string> holder_of(Desk& desk, const Place& place, const tasks::Coordination& coordination,
                              const std::string& arn) {
  if (place.cloud || coordination.kind == tasks::Coordination::Kind::engine) return arn;
  const auto own = TRY(desk.table({}));
  return tasks::holder_name(arn, TRY(coordination::engine_id(*own)));
}

Result<Cancelled> tell_to_halt(Desk& desk, const CancelOrder& order, const engine::Execution& execution,
                               const machine::Shape& shape) {
  Cancelled told{execution.name, false, TRY(meant(order, shape)), ""};
  auto opened = desk.table(shape.coordination);
  if (!opened && opened.error().code == "NoTable") opened.error().message += "; --now ends it as a whole";
  const auto table = TRY(std::move(opened));
  tasks::Leases leases(*table, shape.fleet);
  const std::string holder = TRY(holder_of(desk, order.place, shape.coordination, execution.arn));
  const std::string by = fmt::format("{}@{}", own_user_name(), host_name());
  for (const auto& environment : told.environments) {
    CHECK_OK(tasks::cancel(leases, environment, {holder, by}));
  }
  return told;
}

/// The fleet's file is not known here, but for a deployment's.
std::string alarms_command(const Place& place) {
  Command command{.verb = "alarms", .file = place.cloud ? place.cloud->file : "FILE"};
  if (place.cloud) command.aws = place.cloud->aws;
  return command_text(command, SystemHost());
}

Result<Cancelled> end_now(Desk& desk, const Place& place, const engine::Execution& execution,
                          const Result<machine::Shape>& shape) {
  const std::string by = fmt::format("by lamplighter cancel of {}@{}", own_user_name(), host_name());
  TRY(desk.executions().stop_execution(execution.arn, "Cancelled", by));
  Cancelled ended{execution.name, true, {}, ""};
  if (shape && shape->alarms != tasks::AlarmMatch::none) {
    ended.alarms = fmt::format("Alarms that are muted stay so: {} lists them{}.", alarms_command(place),
                               place.cloud ? "" : ", FILE being the fleet's");
  }
  return ended;
}

/// Why it can only end as a whole; "" where environments of it can halt.
std::string ends_as_a_whole(Desk& desk, const CancelOrder& order, const engine::Execution& execution,
                            const Result<machine::Shape>& shape) {
  if (order.now) return "--now ends it as a whole";
  if (!shape) return "it works on no environments";
  if (!desk.is_worked_at(execution.arn)) return "nobody carries it on, so that it can only end as a whole";
  return has_reported(desk.executions(), execution) ? "its report is out, and it only waits for alarms" : "";
}

}  // namespace

Result<Cancelled> cancel(const CancelOrder& order) {
  const auto desk = TRY(open_desk(order.place, Purpose::change));
  const auto execution = TRY(find_running(desk->executions(), order.place, order.execution));
  const auto shape = shape_of(desk->executions(), execution);
  const auto why = ends_as_a_whole(*desk, order, execution, shape);
  if (why.empty()) return tell_to_halt(*desk, order, execution, *shape);
  if (order.environments.empty()) return end_now(*desk, order.place, execution, shape);
  return fail(
      ErrorKind::bad_input, "Usage",
      fmt::format("nothing was changed: {}: leave the environments out to end {}", why, execution.name));
}

}  // namespace lamplighter::run
