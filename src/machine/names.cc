#include "machine/names.h"

#include <fmt/format.h>

#include "base/hash.h"

namespace lamplighter::machine {
namespace {

std::string_view imperative(tasks::Action action) {
  return action == tasks::Action::start ? "Start" : "Stop";
}
std::string_view past(tasks::Action action) { return action == tasks::Action::start ? "started" : "stopped"; }

}  // namespace

std::string shorten(const std::string& name) {
  if (name.size() <= kMaxStateName) return name;
  const std::string suffix = fmt::format(" {:08x}", fnv1a(name));
  return name.substr(0, kMaxStateName - suffix.size()) + suffix;
}

MachineNames::MachineNames(tasks::Action action)
    : fleet("Fleet"),
      survey("Survey the fleet"),
      all(fmt::format("{} all environments", imperative(action))),
      report("Report"),
      aside("Put the report aside"),
      unmute("Unmute alarms"),
      all_heard("Are all alarms heard?"),
      wait_unmute("Wait to unmute alarms"),
      did_all(fmt::format("Did all environments {}?", to_string(action))),
      succeeded(fmt::format("All environments {}", past(action))),
      still_muted("Alarms are still muted"),
      aborted(fmt::format("{} aborted", imperative(action))),
      no_report("Report failed") {}

BranchNames::BranchNames(tasks::Action action, const std::string& environment)
    : is_chosen(shorten(fmt::format("Is {} to {}?", environment, to_string(action)))),
      admit(shorten(fmt::format("Admit {}", environment))),
      is_admitted(shorten(fmt::format("May {} {}?", environment, to_string(action)))),
      wait_to_admit(shorten(fmt::format("Wait to admit {}", environment))),
      halt(shorten(fmt::format("Halt {}", environment))),
      finished(shorten(fmt::format("{} has {}", environment, past(action)))),
      skipped(shorten(fmt::format("{} is skipped", environment))) {}

PhaseNames::PhaseNames(tasks::Action action, const std::string& environment, const std::string& phase)
    : task(shorten(fmt::format("{} {} {} servers", imperative(action), environment, phase))),
      did(shorten(fmt::format("Did {} {} servers {}?", environment, phase, to_string(action)))),
      wait(shorten(fmt::format("Wait for {} {} servers", environment, phase))),
      settle(shorten(fmt::format("Let {} {} servers settle", environment, phase))) {}

}  // namespace lamplighter::machine
