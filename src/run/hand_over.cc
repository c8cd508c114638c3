#include "run/hand_over.h"

#include <fmt/format.h>

#include "run/access.h"
#include "run/interrupt.h"
#include "run/put_machine.h"
#include "run/watch.h"

namespace lamplighter::run {
namespace {

/// The holder asks AWS: who hands over may have no way there.
Overview overview_of(const RunOrder& order, Desk& desk) {
  if (auto told = desk.overview(order.shape)) {
    told->credentials += ", by way of " + words_of(*desk.holder());
    return *std::move(told);
  }
  Overview overview;
  overview.credentials = words_of(*desk.holder());
  for (const auto& environment : order.shape.environments) {
    overview.environments.push_back(fmt::format("{} ({})", environment.name(), environment.region()));
  }
  return overview;
}

}  // namespace

std::string words_of(const Holder& holder) {
  return fmt::format("lamplighter {} (process {})", holder.verb, holder.pid);
}

Result<int> hand_over(RunOrder order, const RealRun& options, std::unique_ptr<Desk> desk, Observer& view,
                      const Report& report) {
  const Holder holder = *desk->holder();
  const Access own = access_of(options.aws, options.speed, SystemHost(), order.shape, {});
  CHECK_OK(check_same_way(own, holder.access, words_of(holder)));
  if (options.confirmed && !options.confirmed(overview_of(order, *desk))) {
    return fail(ErrorKind::bad_input, "Usage", "nothing was stopped");
  }
  order.input[kAccess] = to_json(holder.access);
  const Interrupt interrupt;
  const auto machine = TRY(put_machine(desk->executions(), order));
  const auto execution =
      TRY(desk->executions().start_execution(machine.arn, order.execution, json_text(order.input)));
  view.tell({words_of(holder) + " carries it out", Notice::Lasts::a_while});
  const Place place{options.state_dir, std::nullopt};
  return report(TRY(watch_at(place, std::move(desk), execution.arn, view)));
}

}  // namespace lamplighter::run
