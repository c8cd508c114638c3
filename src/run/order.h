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
  machine::CompileOptions compile_options;
  json::value definition;  ///< what compile() makes of the three
  machine::Shape shape;
  std::string execution;  ///< its name, "start-20261124-060000-x7"
};

/// `environments` as they were named; none for all. Error: as machine::compile.
Result<RunOrder> make_order(fleet::Fleet fleet, tasks::Action action, std::vector<std::string> environments,
                            Time now);

}  // namespace lamplighter::run
