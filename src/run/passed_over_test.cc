#include "run/passed_over.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/event_of.h"
#include "tests/support/mock_engine.h"

namespace lamplighter::run {
namespace {

using engine::ExecutionStatus;
using testing::_;
using testing::NiceMock;
using testing::Return;

constexpr const char* kTaken = "superseded by stop-2 (since 2026-11-27T20:00:00.000Z)";

tasks::ReportedEnvironment skipped(std::string name, std::string why = "paused until 22:00 (UTC) by ada") {
  return {std::move(name), false, "", std::move(why), {}, true};
}
tasks::ReportedEnvironment halted(std::string name, std::string why) {
  return {std::move(name), true, "app", std::move(why), {}};
}

tasks::ReportAnswer report(std::vector<tasks::ReportedEnvironment> environments) {
  tasks::ReportAnswer answer;
  answer.environments = std::move(environments);
  return answer;
}

engine::Execution ended(ExecutionStatus status, const tasks::ReportAnswer& answer) {
  engine::Execution execution;
  execution.status = status;
  if (status == ExecutionStatus::succeeded) execution.output = json_text(to_json(answer));
  return execution;
}

TEST(PassedOver, ARunOfWhichAllWasSkippedSaysSoOnce) {
  const auto found = passed_over_in(report({skipped("dev"), skipped("test")}));
  EXPECT_TRUE(found.all_skipped);
  EXPECT_EQ(words_of(found), "skipped: paused until 22:00 (UTC) by ada");
  const auto differently = passed_over_in(report({skipped("dev"), skipped("test", "kept stopped by bob")}));
  EXPECT_EQ(words_of(differently),
            "test skipped: kept stopped by bob; dev skipped: paused until 22:00 (UTC) by ada");
}

TEST(PassedOver, WhatWasTakenNamesTheExecutionAlsoWhereItWasReadyBefore) {
  auto lost_later = tasks::ReportedEnvironment{"preprod", false, "", "", {}};
  lost_later.phases.emplace_back().notes = {std::string(kTaken) + " since"};
  const auto found = passed_over_in(
      report({halted("dev", kTaken), lost_later, skipped("test"), halted("prod", "db is stopped")}));
  EXPECT_FALSE(found.all_skipped);
  EXPECT_EQ(found.superseded, (std::map<std::string, std::string>{{"dev", "stop-2"}, {"preprod", "stop-2"}}));
  EXPECT_EQ(words_of(found),
            "test skipped: paused until 22:00 (UTC) by ada; dev, preprod superseded by stop-2");
}

TEST(PassedOver, ASuccessTellsItByItsOutput) {
  NiceMock<api::MockEngine> engine;
  EXPECT_CALL(engine, history(_)).Times(0);
  const auto found =
      passed_over_in(engine, ended(ExecutionStatus::succeeded, report({skipped("dev"), skipped("test")})));
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->all_skipped);
}

TEST(PassedOver, AFailureTellsItByTheEndOfItsHistory) {
  NiceMock<api::MockEngine> engine;
  const auto answer = report({halted("dev", kTaken), skipped("test")});
  const auto event =
      engine::event_of("TaskStateExited", {{"name", "Report"}, {"output", json_text(to_json(answer))}});
  EXPECT_CALL(engine, history(testing::Field(&engine::HistoryRequest::reverse, true)))
      .WillOnce(Return(engine::Page<engine::Event>{{engine::event_of("ExecutionFailed", {}), event}, ""}));
  const auto found = passed_over_in(engine, ended(ExecutionStatus::failed, answer));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->superseded.at("dev"), "stop-2");
  EXPECT_TRUE(found->skipped.contains("test"));
}

TEST(PassedOver, NothingIsKnownOfWhatRunsAndOfWhatIsNoReport) {
  NiceMock<api::MockEngine> engine;
  ON_CALL(engine, history(_)).WillByDefault(Return(engine::Page<engine::Event>{}));
  EXPECT_FALSE(passed_over_in(engine, ended(ExecutionStatus::running, report({skipped("dev")}))));
  EXPECT_FALSE(passed_over_in(engine, ended(ExecutionStatus::aborted, report({}))));
  engine::Execution others = ended(ExecutionStatus::succeeded, report({}));
  others.output = "[1]";
  EXPECT_FALSE(passed_over_in(engine, others));
}

}  // namespace
}  // namespace lamplighter::run
