// What a run is to do: a fleet's action on some of its environments, compiled.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "fleet/fleet.h"
#include "json/json.h"
#include "machine/compile.h"
#include "machine/shape.h"

namespace lamplighter::run {

/// What is to run.
struct RunOrder {
  fleet::Fleet fleet;
  tasks::Action action = tasks::Action::start;
  std::vector<std::string> environments;  ///< that were named; none for all
  json::value definition;                 ///< the whole fleet's
  machine::Shape shape;                   ///< of the environments that were named
  json::object input;                     ///< the execution's: "environments"
  std::string execution;                  ///< its name, "start-20261124-060000-x7"
};

/// `environments` as they were named; none for all. Error: as fleet::choose and machine::compile.
Result<RunOrder> make_order(fleet::Fleet fleet, tasks::Action action, std::vector<std::string> environments,
                            Time now);

/// The environments that an execution's input names; none for all.
std::vector<std::string> chosen_in(const json::value& input);

}  // namespace lamplighter::run
