#include "machine/notify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "machine/compile.h"
#include "machine/events.h"
#include "machine/shape.h"
#include "machine/telling.h"
#include "tests/support/scheduled_fleet.h"

namespace lamplighter::machine {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Key;
using testing::Not;

fleet::Fleet fleet_telling(const std::string& notify) {
  return fleet::scheduled_fleet(
      "  - {name: evening, action: stop, cron: \"0 20 * * ? *\", warn: 15m}\nnotify: " + notify + "\n");
}

const char* const kThree =
    "[{sns: mailme}, {webhook: {url: {env: HOOK}, format: json}, on: [aborted, skipped]}, "
    "{eventbridge: ops, on: [warning, missed]}]";

json::value states_of(const std::string& notify, tasks::Action action = tasks::Action::start) {
  return compile(fleet_telling(notify), action).value().at("States");
}

TEST(NotifyStates, StandInARowAndNoErrorLeavesIt) {
  const json::value states = states_of(kThree);
  EXPECT_EQ(states.at("Report").at("Next"), "Notify");
  EXPECT_EQ(states.at("Notify").at("Next"), "Notify 2");
  EXPECT_EQ(states.at("Notify again").at("Next"), "Notify 2");
  EXPECT_EQ(states.at("Notify 2").at("Next"), "Put the report aside");
  for (const char* name : {"Notify", "Notify again", "Notify 2"}) {
    for (const auto& catcher : states.at(name).at("Catch").as_array())
      EXPECT_THAT(get_string(catcher, "Next"),
                  testing::AnyOf("Notify again", "Notify 2", "Put the report aside"));
    EXPECT_THAT(json_text(states.at(name).at("Catch")), HasSubstr("States.ALL"));
  }
  EXPECT_FALSE(states.as_object().contains("Notify 3")) << "the bus is told of no run";
}

TEST(NotifyStates, EachIsSilentUnlessItIsToldOfThat) {
  const auto silent = [](const std::string& on) {
    const auto states = states_of("[{sns: a}, {sns: b, on: " + on + "}]");
    return get_string(states.at("Notify 2").at("Arguments").at("Payload"), "silent");
  };
  EXPECT_EQ(silent("[always]"), "{% $states.input.silent = true %}");
  EXPECT_EQ(silent("[always, skipped]"), "{% false %}");
  EXPECT_EQ(silent("[aborted]"), "{% $states.input.status != 'ABORTED' %}");
  EXPECT_EQ(silent("[skipped]"), "{% $not('skipped' in $states.input.environments.status) %}");
  EXPECT_EQ(
      silent("[skipped, aborted]"),
      "{% $states.input.status != 'ABORTED' and $not('skipped' in $states.input.environments.status) %}");
}

TEST(NotifyStates, AWebhookIsTriedAgainAfterAsLongAsItAsksFor) {
  const json::value states = states_of("{webhook: {url: {env: HOOK}, format: slack}}");
  const auto& retry = states.at("Notify").at("Retry").as_array();
  ASSERT_EQ(retry.size(), 3U);
  EXPECT_EQ(
      json_text(retry[1]),
      R"({"ErrorEquals":["ReceiverBusyBriefly"],"IntervalSeconds":10,"BackoffRate":1,"MaxAttempts":3})");
  EXPECT_EQ(json_text(retry[2]),
            R"({"ErrorEquals":["ReceiverBusy"],"IntervalSeconds":60,"BackoffRate":1,"MaxAttempts":1})");
  EXPECT_FALSE(states.at("Notify").at("Arguments").at("Payload").as_object().contains("facts"));
}

TEST(NotifyStates, NobodyMoreThanTheReportsReadersMayTakeEvents) {
  std::string many = "[";
  for (int i = 0; i < 10; ++i) many += "{sns: topic" + std::to_string(i) + "}, ";
  const auto ten = fleet_telling(many + "]");
  EXPECT_EQ(most_events(ten, {}, 10) - most_events(fleet_telling("{sns: a}"), {}, 10), 9 * 28);
  const auto survey = compile(ten, tasks::Action::start).value().at("States").at("Survey the fleet");
  EXPECT_EQ(survey.at("Arguments").at("Payload").at("recipients"), 10);
  EXPECT_EQ(survey.at("Arguments").at("Payload").at("more_topics").as_array().size(), 9U);
}

TEST(NotifyStates, AreReadBackFromAMachine) {
  const auto shape =
      read_shape(compile(fleet_telling("[{sns: a}, {sns: b}]"), tasks::Action::stop).value()).value();
  EXPECT_EQ(shape.topic, "a");
  EXPECT_EQ(shape.more_topics, (std::vector<tasks::TopicAt>{{"b", "eu-west-1"}}));
}

TEST(Telling, WarnsWhoIsToldOfWarningsAndFailsWhereOneWasNot) {
  const json::value states = compile_warning(fleet_telling(kThree)).value().at("States");
  EXPECT_EQ(states.at("Notify").at("Next"), "Notify 2");
  EXPECT_EQ(states.at("Notify 2").at("Arguments").at("Payload").at("bus"), "ops");
  EXPECT_EQ(states.at("Notify 2").at("Next"), "Was the warning sent?");
  EXPECT_THAT(json_text(states.at("Was the warning sent?")),
              HasSubstr("notifications[sent = true or error = '']) = 2"));
  EXPECT_THAT(get_string(states.at("Look who is to be warned"), "Output"), HasSubstr("environments"));
}

TEST(Telling, TellsWhatWasMissed) {
  const json::value machine = compile_missed(fleet_telling(kThree)).value();
  const json::value& states = machine.at("States");
  EXPECT_EQ(states.at("Fleet").at("Next"), "Notify");
  EXPECT_EQ(states.at("Notify").at("Arguments").at("Payload").at("bus"), "ops");
  EXPECT_EQ(states.at("Notify").at("Next"), "Were all told?");
  EXPECT_EQ(states.at("Not told").at("Type"), "Fail");
  EXPECT_EQ(read_shape(machine).error().code, "NotCompiled") << "it is no run";
}

}  // namespace
}  // namespace lamplighter::machine
