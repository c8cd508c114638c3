// Overrides as people make, list and end them: in the table by which a fleet's runs agree, wherever that is.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "fleet/fleet.h"
#include "run/desk.h"
#include "run/when.h"
#include "tasks/admission/override.h"

namespace lamplighter::run {

/// Whose overrides, and where they are. Errors of all that is asked there: as open_desk(); bad_input
/// "NoTable" where the fleet's runs agree by none; the table's.
struct Overruling {
  Place place;
  fleet::Fleet fleet;  ///< with place.cloud as it runs there
  std::string file{};  ///< of the fleet
};

/// What somebody wants.
struct Wish {
  tasks::Override::Kind kind = tasks::Override::Kind::keep;
  std::vector<std::string> environments{};      ///< of a keep
  tasks::Action wanted = tasks::Action::start;  ///< of a keep
  std::string schedule{};                       ///< of a skip
  bool next = false;                            ///< of a skip: its next occurrence, instead of `until`
  When until{};
  std::string why{};
  bool undone = false;         ///< of a keep: as Override's
  bool despite_keeps = false;  ///< of one that is undone: also against another keep
};

/// What became of it.
struct Overruled {
  tasks::Override made;
  std::string words;                ///< "kept running until 22:00 (Europe/Berlin) by ada: release"
  std::vector<std::string> at_end;  ///< the environments that are started, or stopped, then
  std::string warning;              ///< what nobody does at its end, and why; "" where all is well
  std::string end_command{};        ///< that ends it before
};

struct OverrideTable;  // run/override_table.h

/// Errors: bad_input "UnknownEnvironment", "UnknownSchedule", "NotDue", as moment_of() and
/// tasks::Overrides::add(); of one that is undone "NobodyEndsIt", and "Overruled" by another keep.
Result<Overruled> overrule(const Overruling& where, const Wish& wish);
/// In a table that is open.
Result<Overruled> overrule(OverrideTable& table, const Overruling& where, const Wish& wish);

struct Extension {
  std::string environment;
  Duration by{0};
  std::string why{};  ///< "" leaves what was said
};
/// Moves the end of the environment's keep. Error: bad_input "NotKept"; as overrule().
Result<Overruled> extend(const Overruling& where, const Extension& extension);

struct OverrideList {
  std::vector<tasks::Override> in_force;  ///< oldest first
  Time now{};
};
Result<OverrideList> overrides_at(const Overruling& where);
/// The same for who asks nobody but this machine: a table of DynamoDB's only by way of a process that holds
/// the state directory. Error: also bad_input "NotInReach".
Result<OverrideList> overrides_in_reach(const Overruling& where);
/// Of a keep of the list: its environments for which a later one counts, each with that one's number.
std::map<std::string, std::uint64_t> kept_by_later(const OverrideList& list, const tasks::Override& keep);

/// Gives what it said. The environments stay as they are. Error: bad_input "UnknownOverride".
Result<Overruled> end_override(const Overruling& where, std::uint64_t id);

}  // namespace lamplighter::run
