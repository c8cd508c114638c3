#include "tasks/fleet_leases.h"

namespace lamplighter::tasks {

FleetLeases::FleetLeases(const Context& context, const Coordination& coordination, const std::string& fleet)
    : holders_(context.holders),
      engine_(coordination.kind == Coordination::Kind::table ? context.engine : "") {
  switch (coordination.kind) {
    case Coordination::Kind::engine:
      table_ = context.table;
      break;
    case Coordination::Kind::table:
      elsewhere_.emplace(context.caller, aws::Target{coordination.region, ""}, coordination.table);
      table_ = &*elsewhere_;
      break;
    case Coordination::Kind::none:
      break;
  }
  if (table_ != nullptr) leases_.emplace(*table_, fleet);
}

Standing FleetLeases::standing(const std::string& holder, const std::string& environment) const {
  const auto [execution, engine] = read_holder_name(holder);
  if (holders_ == nullptr || engine != engine_) return Standing::unknown;
  return holders_->standing(execution, environment);
}

}  // namespace lamplighter::tasks
