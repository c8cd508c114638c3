#include "run/tell_missed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/mock_engine.h"
#include "tests/support/scheduled_fleet.h"

namespace lamplighter::run {
namespace {

using scheduler::Missed;
using testing::_;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::NiceMock;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

fleet::Fleet fleet_telling(const std::string& notify) {
  return fleet::scheduled_fleet(
      "  - {name: evening, action: stop, environments: [dev], cron: \"0 20 * * ? *\"}\n"
      "  - {name: morning, action: start, cron: \"0 6 * * ? *\"}\nnotify: " +
      notify + "\n");
}

Missed missed(const std::string& schedule, const std::string& first, const std::string& last,
              std::int64_t count, Missed::Why why = Missed::Why::too_late) {
  return {schedule, parse_time(first).value(), parse_time(last).value(), count, false, why};
}

const std::vector<Missed>& some() {
  static const std::vector<Missed> all{
      missed("evening", "2026-11-24T20:00:00Z", "2026-11-26T20:00:00Z", 3),
      missed("morning", "2026-11-25T06:00:00Z", "2026-11-25T06:00:00Z", 1, Missed::Why::superseded)};
  return all;
}

class TellMissed : public testing::Test {
 protected:
  TellMissed() {
    ON_CALL(engine_, list_state_machines).WillByDefault([](std::size_t, const std::string&) {
      return engine::Page<engine::StateMachine>{};
    });
    ON_CALL(engine_, create_state_machine)
        .WillByDefault([](const std::string& name, const std::string&, auto&, auto) {
          engine::StateMachine machine;
          machine.arn = "arn:" + name;
          return machine;
        });
    ON_CALL(engine_, start_execution)
        .WillByDefault([this](const std::string& machine, const std::string& name, const std::string& input,
                              auto&) -> Result<engine::Execution> {
          names_.push_back(machine + " " + name);
          input_ = parse_json(input).value();
          if (names_.size() > 1) return fail(ErrorKind::bad_input, "ExecutionAlreadyExists", "it is there");
          return engine::Execution{};
        });
  }

  NiceMock<api::MockEngine> engine_;
  std::vector<std::string> names_;
  json::value input_;
};

TEST_F(TellMissed, IsOneExecutionOfTheSameNameHoweverOften) {
  const auto fleet = fleet_telling("{sns: mailme, on: [missed]}");
  ASSERT_TRUE(tell_missed(engine_, fleet, some()));
  ASSERT_TRUE(tell_missed(engine_, fleet, some())) << "as after a crash";
  ASSERT_THAT(names_, SizeIs(2));
  EXPECT_EQ(names_[0], names_[1]);
  EXPECT_THAT(names_[0], AllOf(StartsWith("arn:f-missed missed-"), HasSubstr("20261126T200000Z")));
  EXPECT_EQ(input_.at("subject"), "MISSED: 4 occurrences - f");
}

TEST_F(TellMissed, IsNothingWhereNobodyAsks) {
  EXPECT_CALL(engine_, create_state_machine(_, _, _, _)).Times(0);
  ASSERT_TRUE(tell_missed(engine_, fleet_telling("{sns: mailme}"), some()));
  ASSERT_TRUE(tell_missed(engine_, fleet_telling("{sns: mailme, on: [missed]}"), {}));
  EXPECT_THAT(names_, SizeIs(0));
}

TEST_F(TellMissed, SaysWhatItWasAndWhatMakesUpForIt) {
  const auto message = missed_message(fleet_telling("{sns: mailme}"), some());
  EXPECT_THAT(
      get_string(message, "body"),
      AllOf(HasSubstr("  stop \"evening\": 3 occurrences missed, due 2026-11-24 20:00:00 UTC until "
                      "2026-11-26 20:00:00 UTC: older than it may be to be made up for, 1h\n"),
            HasSubstr("  start \"morning\": an occurrence missed, due 2026-11-25 06:00:00 UTC: a later "
                      "occurrence counts\n"),
            HasSubstr("  lamplighter stop dev -f FLEET_FILE\n"), Not(HasSubstr("lamplighter start"))));
  EXPECT_EQ(
      json_text(message.at("occurrences").at(0)),
      R"({"schedule":"evening","action":"stop","environments":["dev"],"first":"2026-11-24T20:00:00.000Z",)"
      R"("last":"2026-11-26T20:00:00.000Z","count":3,"reason":"older than it may be to be made up for"})");
}

TEST_F(TellMissed, FitsIntoAnInput) {
  std::vector<Missed> many(5'000, some().front());
  const auto message = missed_message(fleet_telling("{sns: mailme}"), many);
  EXPECT_LT(json_text(message).size(), 60'000U);
  EXPECT_THAT(get_string(message, "body"), HasSubstr("and of 4900 more schedules"));
  EXPECT_EQ(get_string(message, "subject"), "MISSED: 15000 occurrences - f");
}

}  // namespace
}  // namespace lamplighter::run
