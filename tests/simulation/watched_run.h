// One run of a fleet on the simulation driver, with a witness who sees the true state of every server at
// every call.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "fleet/fleet.h"
#include "json/json.h"

namespace lamplighter::proof {

struct Plan {
  std::uint64_t seed = 1;
  tasks::Action action = tasks::Action::start;
  std::vector<std::string> faults;
  double crash_chance = 0;  ///< after each commit of the history: everything else is lost
  double set_chance = 0;    ///< after each commit: somebody sets the clock on the wall by an hour or a day
};

/// A server as the simulated cloud truly has it.
struct Truth {
  std::string id;
  std::string state;
  std::string instance_status;
  std::string system_status;

  /// What the action wants of it.
  [[nodiscard]] bool is_ready(tasks::Action action) const;
  friend bool operator==(const Truth&, const Truth&) = default;
};
using Truths = std::map<std::string, Truth>;  ///< by name

/// A StartInstances or StopInstances.
struct Order {
  std::string call;
  std::vector<std::string> ids;
  Truths before;  ///< every server's state at that moment
};

struct WatchedRun {
  bool succeeded = false;
  json::value report;    ///< what the report task answered (docs/tasks.md)
  json::value notified;  ///< what became of its mail
  json::array mails;
  json::array alarms_before;
  json::array alarms_at_report;  ///< when the report's task began
  json::array alarms_after;
  Truths servers_before;
  Truths servers_after;
  std::vector<Order> orders;
  std::vector<Truths> at_report;  ///< at each call from the report task's beginning on, and at the end
  int crashes = 0;
  int clock_settings = 0;
};

/// Error: the run could not be made, or did not end by itself.
Result<WatchedRun> watch(const fleet::Fleet& fleet, const Plan& plan);

}  // namespace lamplighter::proof
