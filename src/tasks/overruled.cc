#include "tasks/overruled.h"

#include <fmt/format.h>

#include "tasks/admission/calendar.h"
#include "tasks/admission/overrides.h"

namespace lamplighter::tasks {
namespace {

Result<bool> has_taken_lease(FleetLeases& leases, const AdmitPayload& task) {
  const auto item = TRY(leases.get()->read(task.environment.name));
  return item.lease.holder.execution == leases.holder(task.execution);
}

}  // namespace

Result<Ruling> overruled(const Context& context, FleetLeases& leases, const AdmitPayload& task) {
  if (auto why = skipped_by_calendar(task.occurrence)) return Ruling{Ruling::Kind::skipped, *std::move(why)};
  if (leases.table() == nullptr) return Ruling{};  // nobody can have decided anything
  const auto all = TRY(Overrides(*leases.table(), task.fleet).read());
  auto ruling = overruled(all, {task.action, task.environment.name, task.occurrence, task.despite_keeps},
                          context.clock.now());
  if (ruling.kind == Ruling::Kind::goes_ahead || TRY(has_taken_lease(leases, task))) return Ruling{};
  if (ruling.kind == Ruling::Kind::refused)
    ruling.why +=
        fmt::format(" ({})", how_to_overrule(task.action, task.environment.name, context.in_lambda));
  return ruling;
}

}  // namespace lamplighter::tasks
