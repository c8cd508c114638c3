#include "run/start_occurrence.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fleet/warnings.h"
#include "run/access.h"
#include "tests/support/mock_engine.h"
#include "tests/support/scheduled_fleet.h"

namespace lamplighter::run {
namespace {

using ::testing::ElementsAre;
using ::testing::NiceMock;
using ::testing::SizeIs;
using ::testing::StartsWith;

/// An engine that keeps machines and starts, and no AWS at all.
class OccurrenceStarterTest : public ::testing::Test {
 protected:
  OccurrenceStarterTest() {
    ON_CALL(engine_, list_state_machines).WillByDefault([this](std::size_t, const std::string&) {
      return engine::Page<engine::StateMachine>{machines_, ""};
    });
    ON_CALL(engine_, create_state_machine)
        .WillByDefault([this](const std::string& name, const std::string& definition, auto&, auto) {
          machines_.emplace_back();
          machines_.back().arn = "arn:" + name;
          machines_.back().name = name;
          machines_.back().definition = definition;
          return machines_.back();
        });
    ON_CALL(engine_, update_state_machine)
        .WillByDefault([this](const std::string& arn, const auto& definition, auto&, auto&) {
          for (engine::StateMachine& machine : machines_) {
            if (machine.arn == arn) machine.definition = *definition;
          }
          return machines_.front();
        });
    ON_CALL(engine_, start_execution)
        .WillByDefault([this](const std::string& machine, const std::string& name, const std::string& input,
                              auto&) -> Result<engine::Execution> {
          if (refusal_) return tl::unexpected(*refusal_);
          inputs_.push_back(parse_json(input).value());
          names_.push_back(machine + " " + name);
          return engine::Execution{};
        });
  }

  static scheduler::Firing firing(std::vector<std::string> environments = {}) {
    return {"evening", tasks::Action::stop, parse_time("2026-11-27T20:00:00Z").value(),
            std::move(environments)};
  }

  NiceMock<api::MockEngine> engine_;
  std::vector<engine::StateMachine> machines_;
  std::vector<json::value> inputs_;
  std::vector<std::string> names_;
  std::optional<Error> refusal_;
  fleet::Fleet fleet_ = fleet::scheduled_fleet("  - {name: evening, action: stop, cron: \"0 20 * * ? *\"}\n");
  OccurrenceStarter starter_{engine_, AwsOptions{}, 1};
};

TEST_F(OccurrenceStarterTest, TheMachinesAreThereAsSoonAsTheFleetIsInForce) {
  ASSERT_TRUE(starter_.put_in_force(fleet_));
  ASSERT_THAT(machines_, SizeIs(2));
  EXPECT_EQ(machines_[0].name, "f-start");
  EXPECT_EQ(machines_[1].name, "f-stop");
}

TEST_F(OccurrenceStarterTest, TheInputSaysWhichOccurrenceItIsAndHoldsTheFilesAccounts) {
  fleet_.environments[0].account = "111111111111";
  ASSERT_TRUE(starter_.put_in_force(fleet_));
  ASSERT_TRUE(starter_.start(fleet_, firing({"dev"})));
  ASSERT_TRUE(starter_.start(fleet_, firing({"test"})));
  EXPECT_THAT(names_[0], StartsWith("arn:f-stop evening-"));
  EXPECT_EQ(inputs_[0].at("environments"), (json::array{"dev"}));
  EXPECT_EQ(inputs_[0].at("occurrence"),
            (json::object{{"schedule", "evening"}, {"due", "2026-11-27T20:00:00.000Z"}}));
  EXPECT_EQ(inputs_[0].at(kAccess).at("accounts"), (json::object{{"dev", "111111111111"}}));
  EXPECT_EQ(inputs_[1].at(kAccess).at("accounts"), json::object());
}

TEST_F(OccurrenceStarterTest, TheInputSaysWhatCalendarsSayOfItsDay) {
  fleet_ = fleet::scheduled_fleet(
      "  - {name: evening, action: stop, cron: \"0 20 * * ? *\", timezone: Asia/Tokyo, except: [holidays]}\n"
      "calendars: {holidays: {dates: [2026-11-28, 2026-12-25]}}\n");
  ASSERT_TRUE(starter_.put_in_force(fleet_));
  ASSERT_TRUE(starter_.start(fleet_, firing({"dev"})));
  EXPECT_EQ(json_text(inputs_[0].at("calendar")),
            R"({"timezone":"Asia/Tokyo","until":"2026-11-28","except":{"holidays":["2026-11-28"]}})");
}

/// The day is the stop's: here the warning comes on the day before.
TEST_F(OccurrenceStarterTest, AWarningIsAnExecutionOfItsOwnMachine) {
  fleet_ = fleet::scheduled_fleet(
      "  - {name: evening, action: stop, cron: \"5 0 * * ? *\", warn: 15m, except: [holidays]}\n"
      "calendars: {holidays: {dates: [2026-11-28]}}\nnotify: {sns: reports}\n");
  fleet_.schedules = fleet::warnings_of(fleet_);
  const Time due = parse_time("2026-11-27T23:50:00Z").value();
  ASSERT_TRUE(starter_.start(fleet_, {"evening", tasks::Action::stop, due, {"dev"}}));
  EXPECT_THAT(names_, ElementsAre(StartsWith("arn:f-warn warning-of-evening-")));
  EXPECT_EQ(inputs_[0].at("environments"), (json::array{"dev"}));
  EXPECT_EQ(inputs_[0].at("ahead"), 900);
  EXPECT_EQ(inputs_[0].at("occurrence"),
            (json::object{{"schedule", "evening"}, {"due", "2026-11-27T23:50:00.000Z"}}));
  EXPECT_EQ(json_text(inputs_[0].at("calendar")),
            R"({"timezone":"UTC","until":"2026-11-28","except":{"holidays":["2026-11-28"]}})");
}

TEST_F(OccurrenceStarterTest, ItRunsWhatTheFleetInForceSays) {
  ASSERT_TRUE(starter_.put_in_force(fleet_));
  const std::string before = machines_[1].definition;
  fleet_.environments.pop_back();
  ASSERT_TRUE(starter_.put_in_force(fleet_));
  EXPECT_NE(machines_[1].definition, before);
  const std::string in_force = machines_[1].definition;
  machines_[1].definition = before;  // somebody else's start has put its own file's there
  ASSERT_TRUE(starter_.start(fleet_, firing()));
  EXPECT_EQ(machines_[1].definition, in_force);
}

TEST_F(OccurrenceStarterTest, WhatWasStartedBeforeIsNoError) {
  refusal_ = Error{ErrorKind::bad_input, "ExecutionAlreadyExists", "it is there"};
  const auto again = starter_.start(fleet_, firing());
  ASSERT_TRUE(again);
  EXPECT_THAT(*again, StartsWith("evening-"));
  refusal_ = Error{ErrorKind::internal, "Database", "the disk is full"};
  EXPECT_EQ(starter_.start(fleet_, firing()).error().code, "Database");
}

}  // namespace
}  // namespace lamplighter::run
