// What people's decisions say of a run of one environment: it goes ahead, is skipped, or is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/admission/override.h"
#include "tasks/protocol/occurrence.h"

namespace lamplighter::tasks {

struct Decision {
  Action action = Action::start;
  std::string environment;
  std::optional<Occurrence> occurrence{};  ///< nullopt: somebody started it
  bool despite_keeps = false;              ///< who said --override
};

struct Ruling {
  enum class Kind { goes_ahead, skipped, refused };
  Kind kind = Kind::goes_ahead;
  std::string why{};  ///< of the others

  friend bool operator==(const Ruling&, const Ruling&) = default;
};

/// Whether a pause or a skip leaves the occurrence out.
bool leaves_out(const Override& one, const Occurrence& occurrence);

/// The keep that counts for the environment at that moment: its latest; nullptr for none. Of `overrides`.
const Override* keep_of(const std::vector<Override>& overrides, const std::string& environment, Time now);

/// Pauses and skips bind occurrences, by their due moment, whenever they come; they don't bind people. A keep
/// binds while it lasts: an occurrence that would end it is skipped, a person is refused. Of an environment's
/// keeps the latest counts. What is done at a keep's end goes by ruling_at_end() besides. Pure.
Ruling overruled(const std::vector<Override>& overrides, const Decision& decision, Time now);

/// "lamplighter stop dev --override, with the fleet's file, does it all the same": what stands, in brackets,
/// at the end of the reason of who was refused.
std::string how_to_overrule(Action action, const std::string& environment, bool in_cloud);
bool says_how_to_overrule(std::string_view reason);

}  // namespace lamplighter::tasks
