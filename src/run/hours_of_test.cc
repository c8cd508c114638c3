// What a run says of its environments' hours: only what its report saw.
#include "run/hours_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/event_of.h"

namespace lamplighter::run {
namespace {

using hours::Look;
using hours::State;
using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr Time kStart{std::chrono::seconds(1'800'000'000)};
constexpr Time kReport = kStart + std::chrono::minutes(2);

machine::Shape shape(tasks::Action action) {
  machine::Shape shape;
  shape.action = action;
  shape.fleet = "small";
  shape.topic = "topic";
  shape.timezone = "Europe/Berlin";
  for (const auto* name : {"dev", "test"}) {
    const std::vector<tasks::DescribedPhase> phases{{"db", {}, {}}, {"app", {}, {}}};
    shape.environments.push_back({{name, "us-east-1", "", phases}, "Admit", {}});
  }
  return shape;
}

/// A phase with such servers; `left_out` more are said by their ids.
tasks::ReportedPhase phase(const std::vector<std::string>& states, const std::string& left_out = "") {
  tasks::ReportedPhase phase;
  phase.name = "db";
  for (const auto& state : states) phase.servers.push_back({"name", "i-1", "", state, "", "", ""});
  if (!left_out.empty())
    phase.left_out.push_back({left_out, "", "", {"i-00000000000000001", "i-00000000000000002"}});
  phase.servers_total = states.size() + (left_out.empty() ? 0 : 2);
  return phase;
}

std::vector<hours::Seen> seen(tasks::Action action,
                              const std::optional<std::vector<tasks::ReportedPhase>>& dev,
                              bool skipped = false) {
  const auto machine = shape(action);
  Progress progress(machine, "run-1");
  if (dev) {
    tasks::ReportAnswer answer;
    answer.action = action;
    answer.environments.push_back({"dev", false, "", "", *dev, skipped});
    answer.started_at = kStart + std::chrono::seconds(5);
    answer.ended_at = kReport;
    auto event =
        engine::event_of("TaskStateExited", {{"name", "Report"}, {"output", json_text(to_json(answer))}});
    event.id = 1;
    event.time = kReport;
    progress.apply({event});
    EXPECT_TRUE(progress.report());
  }
  engine::Execution execution;
  execution.started = kStart;
  return seen_by(execution, progress);
}

std::vector<Look> looks(tasks::Action action, const std::vector<tasks::ReportedPhase>& dev) {
  return seen(action, dev).at(0).looks;
}

TEST(HoursOf, WhatWasSkippedStaysAsItWasKnown) {
  const auto all = seen(tasks::Action::stop, std::vector<tasks::ReportedPhase>{}, true);
  ASSERT_THAT(all, SizeIs(1));  // dev's hours are not touched
  EXPECT_EQ(all.front().environment, "test");
}

TEST(HoursOf, ARunSaysSinceWhenAllOfItsServersRanOrWereStopped) {
  const auto start = tasks::Action::start;
  const auto stop = tasks::Action::stop;
  EXPECT_THAT(looks(start, {phase({"running", "running"}), phase({"running"}, "running")}),
              ElementsAre(Look{kStart, State::running}));
  EXPECT_THAT(looks(stop, {phase({"stopped"}), phase({"stopped"}, "stopped")}),
              ElementsAre(Look{kReport, State::stopped}))
      << "until then they ran";
  EXPECT_THAT(looks(start, {phase({"stopped"})}), ElementsAre(Look{kReport, State::stopped}))
      << "a start that was refused";
  EXPECT_THAT(looks(stop, {phase({"running"})}), ElementsAre(Look{kReport, State::running}));
}

TEST(HoursOf, WhatIsNeitherIsUnknownSinceTheRunBegan) {
  for (const auto action : {tasks::Action::start, tasks::Action::stop}) {
    for (const auto& phases :
         std::vector<std::vector<tasks::ReportedPhase>>{{phase({"running"}), phase({"stopped"})},
                                                        {phase({"running"}, "stopped")},
                                                        {phase({"pending"})},
                                                        {phase({"terminated"})},
                                                        {phase({})},
                                                        {}}) {
      EXPECT_THAT(looks(action, phases), ElementsAre(Look{kStart, State::unknown}));
    }
    auto unlisted = phase({"running"});
    unlisted.servers_total = 2;
    EXPECT_THAT(looks(action, {unlisted}), ElementsAre(Look{kStart, State::unknown}));
  }
}

TEST(HoursOf, WithoutAReportAllAreUnknown) {
  const auto all = seen(tasks::Action::stop, std::nullopt);
  ASSERT_THAT(all, SizeIs(2));
  for (const auto& one : all) {
    EXPECT_EQ(one.fleet, "small");
    EXPECT_EQ(one.timezone, "Europe/Berlin");
    EXPECT_THAT(one.looks, ElementsAre(Look{kStart, State::unknown}));
  }
  EXPECT_THAT(seen(tasks::Action::stop, {{phase({"stopped"})}}).at(1).looks,
              ElementsAre(Look{kStart, State::unknown}))
      << "an environment that the report lacks";
}

}  // namespace
}  // namespace lamplighter::run
