// What a start or stop of environments would meet now: who has them, what people have decided, and what their
// schedules do next.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aws/client/session.h"
#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"
#include "run/overrule.h"
#include "tasks/admission/lease.h"
#include "tasks/admission/override.h"

namespace lamplighter::run {

/// Of one environment.
struct Prospect {
  std::optional<tasks::Contender> holder{};  ///< the execution that has it, and works on it
  std::string held{};                        ///< the same in words, and what this action would do about it
  std::string kept{};                        ///< the keep that counts, and what it means for the action
  bool refused = false;                      ///< for one or the other it would halt

  /// The next occurrence that means it, of the next 24 hours.
  struct Next {
    std::string schedule;
    tasks::Action action = tasks::Action::start;
    Time due{};
    std::string timezone;
    std::string skipped{};  ///< why it is left out there; "" where it isn't
  };
  std::optional<Next> next{};
};

struct Prospects {
  std::map<std::string, Prospect> environments;
  std::string paused;   ///< a pause that is in force: it binds schedules only; "" for none
  std::string unknown;  ///< why nothing is known of leases and overrides; "" where it is, or nothing ever ran
};

/// Of those that are chosen (all where none is) of the fleet. `session` is the way to a table of DynamoDB's.
/// Looks only. Errors: as fleet::days_of.
Result<Prospects> prospects_of(const Overruling& where, aws::Session& session, tasks::Action action,
                               const std::vector<std::string>& chosen);

/// "held_by", "kept", "refused" and "next", as `plan --json` has them.
void add_to(json::object& object, const Prospect& prospect);

}  // namespace lamplighter::run
