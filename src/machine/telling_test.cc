#include "machine/telling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "machine/shape.h"
#include "tests/support/scheduled_fleet.h"

namespace lamplighter::machine {
namespace {

using testing::HasSubstr;

fleet::Fleet warning_fleet() {
  return fleet::scheduled_fleet(
      "  - {name: evening, action: stop, cron: \"0 20 * * ? *\", warn: 15m}\nnotify: {sns: mailme}\n");
}

TEST(Warning, LooksThenTellsOnceAndFailsWhereNobodyWasTold) {
  const json::value states = compile_warning(warning_fleet()).value().at("States");
  EXPECT_EQ(states.at("Look who is to be warned").at("Next"), "Is anybody to be warned?");
  EXPECT_EQ(states.at("Is anybody to be warned?").at("Choices").at(0).at("Next"), "Nobody is to be warned");
  EXPECT_EQ(states.at("Is anybody to be warned?").at("Default"), "Notify");
  EXPECT_EQ(states.at("Notify").at("Next"), "Was the warning sent?");
  EXPECT_EQ(states.at("Was the warning sent?").at("Default"), "Warning not sent");
  const json::value& mail = states.at("Notify").at("Arguments").at("Payload");
  EXPECT_EQ(mail.at("topic"), "mailme");
  EXPECT_EQ(mail.at("repeat"), false);
  EXPECT_EQ(mail.at("silent"), "{% $toMillis($states.input.due) <= $millis() %}") << "held up past the stop";
  EXPECT_THAT(get_string(states.at("Look who is to be warned"), "Output"), HasSubstr("'due': due"));
}

/// What lists, resumes and watches runs takes it for none.
TEST(Warning, IsNoRun) {
  EXPECT_EQ(read_shape(compile_warning(warning_fleet()).value()).error().code, "NotCompiled");
}

TEST(Warning, TheLargestFleetFits) {
  fleet::Fleet fleet = warning_fleet();
  for (int i = 0; i < 140; ++i) {
    fleet.environments.push_back(fleet.environments.front());
    fleet.environments.back().name = "env" + std::to_string(i);
  }
  EXPECT_LT(json_text(compile_warning(fleet).value()).size(), 80'000U);
}

}  // namespace
}  // namespace lamplighter::machine
