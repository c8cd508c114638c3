// A fleet for synth's tests.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "fleet/fleet.h"

namespace lamplighter::deploy {

/// A phase of servers with these Name tags.
inline fleet::Phase phase(std::string name, std::vector<std::string> servers) {
  fleet::Phase made;
  made.name = std::move(name);
  made.servers.names = std::move(servers);
  return made;
}

/// A schedule at some time of the day, of some environments (empty for all).
inline fleet::Schedule schedule(std::string name, tasks::Action action,
                                std::vector<std::string> environments) {
  fleet::Schedule made;
  made.name = std::move(name);
  made.action = action;
  made.environments = std::move(environments);
  made.expression = "rate(1 day)";
  return made;
}

/// dev (db, app) in us-east-1, reported to the topic "mailme".
inline fleet::Fleet small_fleet() {
  fleet::Fleet fleet;
  fleet.name = "small";
  fleet.region = "us-east-1";
  fleet.environments = {{"dev", "us-east-1", "", {phase("db", {"test2"}), phase("app", {"test1"})}}};
  fleet.notify = {{"mailme", "us-east-1", {}}};
  return fleet;
}

/// So many environments of two phases, of one server each.
inline fleet::Fleet fleet_of(int environments) {
  fleet::Fleet fleet = small_fleet();
  fleet.environments.clear();
  for (int i = 0; i < environments; ++i) {
    const std::string number = std::to_string(i);
    fleet.environments.push_back(
        {"env" + number, "us-east-1", "", {phase("db", {"db" + number}), phase("app", {"app" + number})}});
  }
  return fleet;
}

}  // namespace lamplighter::deploy
