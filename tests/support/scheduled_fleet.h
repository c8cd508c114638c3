// A fleet of two environments, dev and test, with schedules.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "fleet/parse.h"

namespace lamplighter::fleet {

/// `schedules`: the list's lines, as a fleet file has them.
inline Fleet scheduled_fleet(const std::string& schedules) {
  auto parsed = parse(
      "fleet: f\nregion: eu-west-1\n"
      "environments:\n  dev: {phases: [{name: app, servers: [a]}]}\n  test: {phases: [{name: app, servers: "
      "[b]}]}\nschedules:\n" +
      schedules);
  for (const Diagnostic& error : parsed.errors) ADD_FAILURE() << error.message;
  return parsed.fleet;
}

}  // namespace lamplighter::fleet
