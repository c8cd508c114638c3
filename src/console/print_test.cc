#include "console/print.h"

#include <algorithm>
#include <cstdio>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console/print_history.h"
#include "console/print_plan.h"
#include "console/report_error.h"

namespace lamplighter::console {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string nasty = "web\x1b[2J\nFORGED\r\u202Etxt\u2066\u009B2J";
const std::string plain = "web [2J FORGED \uFFFDtxt\uFFFD 2J";

template <class Print>
std::string printed(Print print) {
  testing::internal::CaptureStdout();
  print();
  std::fflush(stdout);
  return testing::internal::GetCapturedStdout();
}

TEST(Print, ALineIsOneLineOfText) {
  EXPECT_EQ(printed([] { print_line(stdout, "{:>3} {}", 7, nasty); }), "  7 " + plain + "\n");
}

TEST(Print, JsonMeansWhatItMeant) {
  const auto text = printed([] { print_json(json::object{{nasty, nasty}}); });
  EXPECT_THAT(text, Not(HasSubstr("\u202E")));
  EXPECT_THAT(text, Not(HasSubstr("\u009B")));
  EXPECT_EQ(get_string(parse_json(text).value(), nasty), nasty);
}

TEST(Print, APlanShowsNamesTagsAndMessagesAsText) {
  tasks::PhasePreview seen;
  seen.servers = {{nasty, "i-1", "stopped", "", "", tasks::Step::start, "start"}};
  seen.missing = {{nasty, "", "no server is called " + nasty}};
  seen.left_alone = {{nasty, "i-2", nasty}};
  seen.alarms = {{nasty, {nasty}, tasks::AlarmChange::none, "leave enabled"}};
  seen.alarms_reason = nasty;
  const auto text = printed([&] {
    run::Plan plan;
    plan.phases.push_back({"dev", "db", std::move(seen)});
    plan.phases.push_back({"dev", "app", fail(ErrorKind::aws, "Oops", nasty)});
    plan.halted = {{"dev", tasks::Verdict::halted, nasty, nasty}};
    plan.warnings = {nasty};
    plan.prospects.environments["dev"] = {.held = nasty, .kept = nasty};
    plan.prospects.environments["dev"].next = {nasty, tasks::Action::stop, Time{}, "UTC", nasty};
    plan.prospects.paused = "paused by " + nasty;
    print_plan(plan, "lamplighter start dev");
  });
  EXPECT_THAT(text, HasSubstr(plain + "  i-1"));
  EXPECT_THAT(text, HasSubstr("no server is called " + plain));
  EXPECT_THAT(text, HasSubstr("dev\n  would be halted"));
  EXPECT_THAT(text, HasSubstr("\n  " + plain + "\n  " + plain +
                              "\n  next stop by schedule: Thu 1970-01-01 00:00 UTC (\"" + plain +
                              "\"); skipped: " + plain + "\n"));
  EXPECT_THAT(text, HasSubstr("Schedules are paused by " + plain + ". People"));
  EXPECT_THAT(text, HasSubstr("    alarm " + plain + " of " + plain));
  EXPECT_THAT(text, HasSubstr("To do it: lamplighter start dev\n"));
  EXPECT_THAT(text, HasSubstr("    can't be looked at: " + plain + "\n"));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find("\nFORGED"), std::string::npos);
}

TEST(Print, AnEventIsOneLineOfText) {
  engine::Event event;
  event.id = 3;
  event.type = engine::EventType::task_failed;
  event.details = {{"error", nasty}, {"cause", nasty}};
  const auto text = printed([&] { print_event(event, Time{}); });
  EXPECT_THAT(text, HasSubstr(plain + ": " + plain + "\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

TEST(Print, ErrorsKeepTheirLinesAndNothingElse) {
  testing::internal::CaptureStderr();
  report_trouble("one\ntwo\x1b[31m\u202E");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "lamplighter: one\ntwo [31m\uFFFD\n");
}

}  // namespace
}  // namespace lamplighter::console
