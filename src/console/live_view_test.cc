#include "console/live_view.h"

#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "console/plain_view.h"

namespace lamplighter::console {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

const Time start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};

run::PhaseProgress phase(const std::string& name, run::PhaseProgress::Status status, std::int64_t ready,
                         std::int64_t total) {
  run::PhaseProgress progress;
  progress.name = name;
  progress.status = status;
  progress.ready = ready;
  progress.total = total;
  progress.timeout = std::chrono::minutes{15};
  if (status != run::PhaseProgress::Status::to_come && status != run::PhaseProgress::Status::not_touched)
    progress.started = start;
  return progress;
}

/// dev works, test has halted, preprod has started.
run::RunProgress a_run() {
  using Status = run::PhaseProgress::Status;
  run::RunProgress run;
  run.fleet = "lower-environments";
  run.execution = "start-20261124-000000-abcd";
  run.started = start;
  run::EnvironmentProgress dev{.name = "dev",
                               .status = run::EnvironmentProgress::Status::running,
                               .reason = "",
                               .waiting_for = "",
                               .waiting_since = {},
                               .phases = {},
                               .ended = {}};
  dev.phases = {phase("db", Status::ready, 3, 3), phase("app", Status::working, 1, 4)};
  dev.phases[0].ended = start + seconds{92};
  dev.phases[1].started = start + seconds{152};
  dev.phases[1].waiting_for = "test4: status checks";
  run::EnvironmentProgress test = dev;
  test.name = "test";
  test.status = run::EnvironmentProgress::Status::halted;
  test.phases = {phase("db", Status::failed, 2, 3), phase("app", Status::not_touched, 0, 0)};
  test.phases[0].reason =
      "test9: InsufficientInstanceCapacity: there is none of this type in the zone at the moment";
  run::EnvironmentProgress preprod = dev;
  preprod.name = "preprod";
  preprod.status = run::EnvironmentProgress::Status::ready;
  preprod.ended = start + seconds{245};
  preprod.phases = {phase("db", Status::ready, 3, 3), phase("app", Status::ready, 3, 3)};
  run.environments = {dev, test, preprod};
  return run;
}

std::string text_of(const std::vector<Line>& lines) {
  std::string text;
  for (const Line& line : lines) text += line.text() + "\n";
  return text;
}

std::string drawn(const run::RunProgress& run, const Screen& screen) {
  return text_of(draw_run(run, start + seconds{200}, screen, 0));
}

TEST(LiveView, shows_environments_side_by_side) {
  const std::string text = drawn(a_run(), {.columns = 120, .rows = 40, .color = false, .utf8 = true});
  EXPECT_THAT(text,
              HasSubstr("Starting lower-environments   3m20s   3 of 6 phases   start-20261124-000000-abcd"));
  EXPECT_THAT(text, testing::ContainsRegex("dev  .*test  .*preprod  "));
  EXPECT_THAT(text, HasSubstr("✔ db"));
  EXPECT_THAT(text, HasSubstr("1/4"));
  EXPECT_THAT(text, HasSubstr("test4: status checks"));
  EXPECT_THAT(text, HasSubstr("48s"));  // of dev's app phase
  EXPECT_THAT(text, HasSubstr("fails in 14m12s"));
  EXPECT_THAT(text, HasSubstr("HALTED"));
  EXPECT_THAT(text, HasSubstr("InsufficientInstanceCapacity"));
  EXPECT_THAT(text, HasSubstr("not touched"));
  EXPECT_THAT(text, HasSubstr("started in 4m5s"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(LiveView, says_who_has_an_environment_that_has_not_begun) {
  run::RunProgress run = a_run();
  for (run::EnvironmentProgress& one : run.environments)
    one.phases = {phase("db", run::PhaseProgress::Status::to_come, 0, 0)};
  run.environments[0].waiting_for = "waiting while stop-1 stops it";
  run.environments[1].reason = "superseded by stop-2";
  for (const std::size_t rows : {40U, 8U}) {  // as cards, and as lines
    const std::string text = drawn(run, {.columns = 120, .rows = rows, .color = false, .utf8 = true});
    EXPECT_THAT(text, HasSubstr("waiting while stop-1 stops it"));
    EXPECT_THAT(text, HasSubstr("superseded by stop-2"));
  }
}

TEST(LiveView, never_leaves_the_screen) {
  run::RunProgress run = a_run();
  const run::EnvironmentProgress dev = run.environments[0];
  for (int i = 0; i < 60; ++i) {
    run.environments.push_back(dev);
    run.environments.back().name = fmt::format("environment-{}", i);
  }
  for (const std::size_t columns : {20U, 40U, 79U, 80U, 200U}) {
    for (const std::size_t rows : {8U, 24U, 60U}) {
      const Screen screen{.columns = columns, .rows = rows, .color = true, .utf8 = true};
      const auto lines = draw_run(run, start + seconds{200}, screen, 3);
      EXPECT_LT(lines.size(), rows) << columns << "×" << rows;
      for (const Line& line : lines)
        EXPECT_LT(line.width(), std::max<std::size_t>(columns, 33)) << line.text();
    }
  }
  // What matters most comes first where not all fit.
  const auto few =
      text_of(draw_run(run, start, {.columns = 80, .rows = 12, .color = false, .utf8 = true}, 0));
  EXPECT_LT(few.find("✖ test"), few.find("environment-0"));
  EXPECT_THAT(few, HasSubstr("more"));
}

TEST(LiveView, speaks_ascii_where_it_must) {
  const std::string text = drawn(a_run(), {.columns = 120, .rows = 40, .color = false, .utf8 = false});
  for (const char c : text) EXPECT_GE(c, 0) << text;
  EXPECT_THAT(text, HasSubstr("+ db"));
}

TEST(LiveView, a_name_cannot_command_the_terminal) {
  run::RunProgress run = a_run();
  run.environments[0].phases[1].waiting_for = "evil\x1b[2Jname: pending";
  EXPECT_THAT(drawn(run, {.columns = 120, .rows = 40, .color = false, .utf8 = true}), Not(HasSubstr("\x1b")));
}

TEST(Wrap, breaks_between_words) {
  EXPECT_THAT(wrap("one two three four", 9, 9), testing::ElementsAre("one two", "three", "four"));
  EXPECT_THAT(wrap("one two three four", 9, 2), testing::ElementsAre("one two", "three four"));
  EXPECT_THAT(wrap("abcdefghij", 4, 9), testing::ElementsAre("abcd", "efgh", "ij"));
  EXPECT_TRUE(wrap("", 4, 9).empty());
}

/// What PlainView writes for a run, shown twice.
std::string plain(const run::RunProgress& run) {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* file = open_memstream(&text, &size);
  PlainView view(file);
  view.show(run, start + seconds{200});
  view.show(run, start + seconds{201});
  std::fclose(file);
  std::string out(text, size);
  std::free(text);
  return out;
}

TEST(PlainView, says_each_step_once) {
  const std::string text = plain(a_run());
  EXPECT_THAT(text,
              testing::StartsWith(
                  "      0s  start dev, test, preprod of lower-environments (start-20261124-000000-abcd)\n"));
  EXPECT_THAT(text, HasSubstr("  1m32s  dev db: 3 of 3 servers started after 1m32s\n"));
  EXPECT_THAT(text, HasSubstr("test: HALTED"));
  EXPECT_THAT(text, HasSubstr("    4m5s  preprod: started\n"));
  EXPECT_EQ(text.find("test: HALTED"), text.rfind("test: HALTED"));
}

/// As a_run(), but preprod ran before, and of dev's app tier one server is another's.
run::RunProgress a_run_with_little_to_do() {
  auto run = a_run();
  for (auto& each : run.environments[2].phases) each.unchanged = true;
  for (auto& each : run.environments[2].phases) each.ended = start + seconds{3};
  run.environments[0].phases[1].left_alone = {
      "i-7: belongs to the Auto Scaling group web, and is left alone"};
  return run;
}

TEST(LiveView, says_what_ran_before_and_what_is_left_alone) {
  const auto run = a_run_with_little_to_do();
  const Screen screen{.columns = 160, .rows = 40, .color = false, .utf8 = true};
  const auto text = drawn(run, screen);
  EXPECT_THAT(text, testing::ContainsRegex("preprod +already running"));
  EXPECT_THAT(text, Not(HasSubstr("started in")));
  EXPECT_THAT(text, HasSubstr("i-7: belongs to the Auto"));
  EXPECT_THAT(text, HasSubstr("left alone"));
}

TEST(PlainView, says_what_ran_before_and_what_is_left_alone) {
  const auto text = plain(a_run_with_little_to_do());
  EXPECT_THAT(text, HasSubstr("preprod db: 3 of 3 servers already running\n"));
  EXPECT_THAT(text, HasSubstr("  preprod: already running\n"));
  const std::string left = "dev app: i-7: belongs to the Auto Scaling group web, and is left alone\n";
  EXPECT_THAT(text, HasSubstr(left));
  EXPECT_EQ(text.find(left), text.rfind(left)) << "once";
}

TEST(LiveView, what_is_skipped_says_by_whom_and_until_when) {
  auto run = a_run();
  run.environments[2].status = run::EnvironmentProgress::Status::skipped;
  run.environments[2].reason =
      "kept running until 2026-12-24 22:00 (Europe/Berlin) by alexandra@workstation-17: release of the week";
  for (const std::size_t rows : {40U, 9U}) {  // as cards, and as lines
    const auto text = drawn(run, {.columns = 160, .rows = rows, .color = false, .utf8 = true});
    EXPECT_THAT(text, HasSubstr("skipped")) << rows;
    for (const auto* part : {"kept running until 2026-12-24 22:00", "alexandra@workstation-17", "week"})
      EXPECT_THAT(text, HasSubstr(part)) << rows;
  }
}

TEST(LiveView, WhatIsToldStandsBelowThePictureAndSpoilsNothing) {
  std::FILE* file = std::tmpfile();
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> closes(file,
                                                               std::fclose);  // after the view's last words
  const auto last_picture = [&](LiveView& view) {
    std::rewind(file);
    EXPECT_EQ(::ftruncate(fileno(file), 0), 0);
    view.show(a_run(), start + seconds{200});
    std::string text(20'000, '\0');
    std::rewind(file);
    text.resize(std::fread(text.data(), 1, text.size(), file));
    return text;
  };
  LiveView view(file);
  view.tell({"waiting for an answer of ec2\nin us-east-1", run::Notice::Lasts::a_while});
  view.tell({"the database can't be written", run::Notice::Lasts::to_the_end});
  std::string text = last_picture(view);
  const auto foot = text.find("Ctrl-C stops waiting.");
  ASSERT_NE(foot, std::string::npos);
  EXPECT_GT(text.find("waiting for an answer of ec2 in us-east-1"), foot) << text;
  EXPECT_NE(text.find("the database can't be written"), std::string::npos);
  for (int picture = 0; picture < 400; ++picture) text = last_picture(view);
  EXPECT_THAT(text, Not(HasSubstr("waiting for an answer")));
  EXPECT_THAT(text, HasSubstr("the database can't be written"));
}

}  // namespace
}  // namespace lamplighter::console
