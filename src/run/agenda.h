// What schedules will do, wherever they stand: in a fleet file, with the daemon, or deployed on AWS.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "fleet/upcoming.h"
#include "run/desk.h"
#include "run/overrule.h"
#include "scheduler/store.h"
#include "tasks/admission/override.h"
#include "tasks/protocol/occurrence.h"

namespace lamplighter::run {

struct Planned {
  fleet::Schedule schedule;   ///< with the names of all its environments, where they are known
  bool all = false;           ///< its environments are all of the fleet's
  std::string group = {};     ///< of the API; "" for a file's, here and below
  std::string machine = {};   ///< the ARN of the state machine that it starts
  std::string system = {};    ///< whose environments they are; "" for a machine of another's making
  std::string bound_by = {};  ///< the fleet whose overrides bind its occurrences; "" for none
  bool enabled = true;
  std::optional<tasks::OccurrenceDays> calendar = {};  ///< for two years; nothing where none binds it
  std::optional<tasks::KeepsEnd> ends = {};            ///< of what is done at a keep's end
  std::string trouble = {};                            ///< why it can't be looked into; "" where it can
};

/// What was last done to environments, as far as anybody knows: by system and environment.
using Left = std::map<std::pair<std::string, std::string>, tasks::Action>;

struct Agenda {
  std::string owner;  ///< whose it is, for people: "the fleet f", "lamplighter serve (process 4711)"
  std::vector<Planned> schedules;
  Left left;                                                        ///< at `now`
  std::vector<scheduler::MissedRecord> missed;                      ///< in the last week, newest first
  std::map<std::string, std::vector<tasks::Override>> overrides{};  ///< by fleet
  std::vector<std::string> troubles{};                              ///< why they are not all known
  Time now{};
};

/// An occurrence, or a schedule that has none.
struct AgendaEntry {
  const Planned* planned = nullptr;  ///< of the agenda
  fleet::Upcoming upcoming;
  /// Those of its environments that are by then as it would make them: the last that was, or will be, done to
  /// them is the same.
  std::vector<std::string> already = {};
  /// Those of its environments in which people let it not run, and why; all of them where `upcoming` is
  /// skipped.
  std::map<std::string, std::string> overruled = {};
};

/// What a file says, to be looked at from `from` on: nothing is known of what was done before. Errors: as
/// fleet::days_of.
Result<Agenda> agenda_of(const fleet::Fleet& fleet, Time now, Time from);

/// What people have decided against a file's schedules, as far as it can be seen from this machine; why not,
/// the agenda's troubles say.
void add_overrides(Agenda& agenda, const Overruling& where);

/// What the daemon that holds the place's state directory fires, or what is deployed. Errors: the desk's, and
/// the API's; bad_input "NoSchedules" where nobody fires any there, "NotDeployed".
Result<Agenda> agenda_at(const Place& place);

/// As fleet::upcoming(), of the schedules that mean one of the environments; all where none is named.
std::vector<AgendaEntry> entries_of(const Agenda& agenda, const std::vector<std::string>& environments,
                                    Time from, Time until, std::size_t most);

/// The schedule of a record; nullptr where it is gone.
const Planned* schedule_of(const Agenda& agenda, const scheduler::MissedRecord& missed);

}  // namespace lamplighter::run
