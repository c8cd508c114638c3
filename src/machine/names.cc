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
    : all(fmt::format("{} all environments", imperative(action))),
      did_all(fmt::format("Did all environments {}?", to_string(action))),
      report_success("Report success"),
      report_aborted(fmt::format("Report aborted {}", to_string(action))),
      succeeded(fmt::format("All environments {}", past(action))),
      aborted(fmt::format("{} aborted", imperative(action))),
      not_sent("Report not sent"),
      aborted_not_sent(fmt::format("{} aborted, report not sent", imperative(action))) {}

PhaseNames::PhaseNames(tasks::Action action, const std::string& environment, const std::string& phase)
    : task(shorten(fmt::format("{} {} {} servers", imperative(action), environment, phase))),
      did(shorten(fmt::format("Did {} {} servers {}?", environment, phase, to_string(action)))),
      wait(shorten(fmt::format("Wait for {} {} servers", environment, phase))),
      settle(shorten(fmt::format("Let {} {} servers settle", environment, phase))),
      halt(shorten(fmt::format("Halt {}: {}", environment, phase))) {}

std::string finished_name(tasks::Action action, const std::string& environment) {
  return shorten(fmt::format("{} has {}", environment, past(action)));
}

}  // namespace lamplighter::machine
