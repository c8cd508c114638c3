#include "tasks/fleet_leases.h"

namespace lamplighter::tasks {

FleetLeases::FleetLeases(const Context& context, const Coordination& coordination, const std::string& fleet) {
  switch (coordination.kind) {
    case Coordination::Kind::engine:
      if (context.table != nullptr) leases_.emplace(*context.table, fleet);
      break;
    case Coordination::Kind::table:
      elsewhere_.emplace(context.caller, aws::Target{coordination.region, ""}, coordination.table);
      leases_.emplace(*elsewhere_, fleet);
      break;
    case Coordination::Kind::none:
      break;
  }
}

}  // namespace lamplighter::tasks
