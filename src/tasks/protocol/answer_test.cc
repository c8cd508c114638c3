// What tasks and branches answer: written and read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tasks/protocol/branch_end.h"
#include "tasks/protocol/reconcile_answer.h"
#include "tasks/protocol/report_answer.h"

namespace lamplighter::tasks {
namespace {

using testing::SizeIs;

const Time kBegan = *parse_time("2026-11-24T06:00:00.123Z");
const Time kEnded = *parse_time("2026-11-24T06:01:32.000Z");
const ServerAnswer kServer{"test2", "i-1", "stopped", "running", "ok", "initializing", "no \"capacity\""};

PhaseAnswer phase_of(PhaseStatus status) {
  PhaseAnswer phase;
  phase.name = "db";
  phase.status = status;
  phase.reason = "test2: no capacity";
  phase.servers_ready = 1;
  phase.servers_total = 3;
  phase.changed = 1;
  phase.started_at = kBegan;
  if (status != PhaseStatus::waiting) phase.ended_at = kEnded;
  phase.waiting_for = "test2: status checks";
  phase.servers = {kServer, {"test3", "", "", "", "", "", "no server is called test3"}};
  phase.initial_states = {{"running", {"i-2", "i-3"}}, {"stopped", {"i-1"}}};
  phase.alarms = {2, 3, "alarms could not be enabled"};
  return phase;
}

TEST(Answer, AReconcilesComesBackAsItWasWritten) {
  for (const auto status : {PhaseStatus::ready, PhaseStatus::waiting, PhaseStatus::failed}) {
    const ReconcileAnswer answer{status, 15, json::object{{"servers", json::array{}}}, phase_of(status)};
    EXPECT_EQ(read_reconcile_answer(to_json(answer)).value(), answer);
  }
  const ReconcileAnswer least{PhaseStatus::ready, 1, nullptr, {}};
  EXPECT_EQ(read_reconcile_answer(to_json(least)).value(), least);
}

TEST(Answer, ABranchsEndComesBackAsItWasWritten) {
  const BranchEnd ready{"dev", false, "", "", {}, {phase_of(PhaseStatus::ready)}};
  EXPECT_EQ(read_branch_end(to_json(ready)).value(), ready);
  const BranchEnd halted{"dev", true, "db", "no", {"app", "web"}, {phase_of(PhaseStatus::failed)}};
  EXPECT_EQ(read_branch_end(to_json(halted)).value(), halted);
}

TEST(Answer, AReportsComesBackAsItWasWritten) {
  ReportAnswer answer;
  answer.action = Action::stop;
  answer.subject = subject_of(Action::stop, true);
  answer.body = "SHUTDOWN STATUS: ABORTED\n\n…";
  answer.message_id = "m-1";
  answer.environments = {{"dev", false, "", "", {{"db", PhaseEnd::ready, "", {}, {}, 1, {kServer}}}},
                         {"test",
                          true,
                          "db",
                          "no capacity",
                          {{"db", PhaseEnd::failed, "no capacity", {}, {}, 2, {}},
                           {"app", PhaseEnd::not_touched, "", {}, {}, 1, {}}}}};
  answer.alarms = {1, 2, {"test db: no"}};
  answer.started_at = kBegan;
  answer.ended_at = kEnded;
  EXPECT_EQ(read_report_answer(to_json(answer)).value(), answer);
  EXPECT_EQ(answer.status(), "ABORTED");
  answer.environments.pop_back();
  EXPECT_EQ(read_report_answer(to_json(answer)).value(), answer);
  EXPECT_EQ(answer.status(), "SUCCEEDED");
}

TEST(Answer, WhatAnotherVersionLeftOutIsEmpty) {
  const auto answer = read_reconcile_answer(
      *parse_json(R"({"status": "ready", "phase": {"name": "db", "status": "ready", "more": true}})"));
  ASSERT_TRUE(answer) << answer.error().message;
  PhaseAnswer phase;
  phase.name = "db";
  phase.status = PhaseStatus::ready;
  EXPECT_EQ(answer->phase, phase);
}

TEST(Answer, SaysWhereWhatWasFoundAndWhatWasExpected) {
  const auto reconcile_message = [](std::string_view text) {
    return read_reconcile_answer(*parse_json(text)).error().message;
  };
  EXPECT_EQ(reconcile_message("[]"), "answer: found a list, expected an object");
  EXPECT_EQ(reconcile_message(R"({"status": "done"})"),
            "answer.status: found \"done\", expected \"ready\", \"waiting\" or \"failed\"");
  EXPECT_EQ(reconcile_message(
                R"({"status": "ready", "phase": {"name": "db", "status": "ready", "servers": [{"id": 7}]}})"),
            "answer.phase.servers[0].id: found 7, expected a text");
  EXPECT_EQ(read_branch_end(*parse_json(R"({"environment": "dev", "status": "gone"})")).error().message,
            "branch.status: found \"gone\", expected \"ready\" or \"halted\"");
  ReportAnswer report;
  report.environments = {{"dev", true, "", "", {}}};
  auto text = to_json(report);
  text["status"] = "SUCCEEDED";
  EXPECT_EQ(read_report_answer(text).error().message,
            "answer.status: found \"SUCCEEDED\", expected \"ABORTED\" by the environments' own");
}

TEST(Answer, AnEndedPhaseListsItsShareAndKeepsEveryInitialState) {
  PhaseAnswer all;
  for (int i = 0; i < 150; ++i) {
    all.servers.push_back(
        {"", "i-" + std::to_string(i), "stopped", "running", "", "", i < 120 ? "slow" : ""});
  }
  PhaseAnswer waiting = all;
  shorten(waiting, 7);
  EXPECT_THAT(waiting.servers, SizeIs(100));
  EXPECT_THAT(waiting.initial_states, SizeIs(0)) << "the next answer replaces it";
  PhaseAnswer ended = all;
  ended.status = PhaseStatus::failed;
  shorten(ended, 7);
  EXPECT_THAT(ended.servers, SizeIs(20));
  EXPECT_THAT(ended.initial_states.at("stopped"), SizeIs(150));
  ended = all;
  ended.status = PhaseStatus::failed;
  shorten(ended, 150);
  EXPECT_EQ(ended.servers, all.servers);
  EXPECT_THAT(ended.initial_states, SizeIs(0));
}

}  // namespace
}  // namespace lamplighter::tasks
