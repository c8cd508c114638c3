#include "run/fleets_in_force.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/reader.h"
#include "tasks/protocol/occurrence.h"

namespace lamplighter::run {
namespace {

constexpr auto kMachine = "arn:aws:states:us-east-1:123456789012:stateMachine:f-stop";
const Time kEnd = parse_time("2026-11-27T21:00:00Z").value();

fleet::Fleet fleet_that_stops_at(const std::string& hour) {
  fleet::Fleet fleet;
  fleet.name = "f";
  for (const auto* name : {"dev", "test"}) fleet.environments.push_back({name, "us-east-1", "", {}});
  fleet::Schedule evenings;
  evenings.name = "evenings";
  evenings.action = tasks::Action::stop;
  evenings.expression = "cron(0 " + hour + " * * ? *)";
  evenings.timezone = "UTC";
  fleet.schedules = {evenings};
  return fleet;
}

/// As a keep of dev since 17:00 has made it, when no schedule stopped anything.
std::string input() {
  json::object input{{"environments", json::array{"dev"}}};
  tasks::add_to(input, {"end of override 1", kEnd, {}, tasks::KeepsEnd{kEnd - std::chrono::hours(4)}});
  return json_text(input);
}

tasks::KeepsEnd end_in(const std::string& text) {
  const auto input = parse_json(text).value();
  return *tasks::read_ends(Reader::of(input, "input", "InvalidInput").value()).value();
}

TEST(FleetsInForce, TellAKeepsEndWhatTheirSchedulesWantNow) {
  FleetsInForce fleets;
  fleets.know(fleet_that_stops_at("18"));
  const auto first = end_in(fleets.input_now(kMachine, input()));
  EXPECT_EQ(first.made, kEnd - std::chrono::hours(4));
  ASSERT_FALSE(first.wanted.empty());
  EXPECT_EQ(
      first.wanted.front(),
      (tasks::WantedOccurrence{"evenings", tasks::Action::stop, kEnd - std::chrono::hours(3), {"dev"}}));
  fleets.know(fleet_that_stops_at("19"));
  const auto then = end_in(fleets.input_now(kMachine, input()));
  EXPECT_EQ(then.wanted.front().due, kEnd - std::chrono::hours(2));
}

TEST(FleetsInForce, LeaveEveryOtherInputAsItIs) {
  FleetsInForce fleets;
  EXPECT_EQ(fleets.input_now(kMachine, input()), input());
  fleets.know(fleet_that_stops_at("18"));
  for (const std::string text :
       {"", "{", "5", R"({"environments":["dev"]})", R"({"occurrence":{"schedule":"s","due":"never"}})",
        R"({"occurrence":{"schedule":"s","due":"2026-11-27T21:00:00Z"}})",
        R"({"occurrence":{"schedule":"s","due":"2026-11-27T21:00:00Z","ends":{"made":5}}})"}) {
    EXPECT_EQ(fleets.input_now(kMachine, text), text);
  }
  EXPECT_EQ(fleets.input_now("arn:aws:states:us-east-1:123456789012:stateMachine:g-stop", input()), input());
}

}  // namespace
}  // namespace lamplighter::run
