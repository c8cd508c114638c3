#include "deploy/coordination.h"

#include "deploy/names.h"

namespace lamplighter::deploy {
namespace {

constexpr std::size_t kLongestTable = 255;

std::string own_table(const fleet::Fleet& fleet) { return part_name(fleet, "coordination", kLongestTable); }

}  // namespace

fleet::Fleet in_cloud(fleet::Fleet fleet) {
  if (fleet.coordination.kind == tasks::Coordination::Kind::engine) {
    fleet.coordination = {tasks::Coordination::Kind::table, own_table(fleet), home_region(fleet)};
  }
  return fleet;
}

bool makes_table(const fleet::Fleet& fleet) {
  return fleet.coordination.kind == tasks::Coordination::Kind::table &&
         fleet.coordination.table == own_table(fleet) && fleet.coordination.region == home_region(fleet);
}

}  // namespace lamplighter::deploy
