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
  phase.reasons = {{"no \"capacity\"", {"i-0123456789abcdef0", "i-3"}}};
  phase.alarms = {2, 3, "alarms could not be enabled"};
  return phase;
}

TEST(Answer, AReconcilesComesBackAsItWasWritten) {
  for (const auto status : {PhaseStatus::ready, PhaseStatus::waiting, PhaseStatus::failed}) {
    const ReconcileAnswer answer{status,          15, 40, json::object{{"servers", json::array{}}}, {7, 20},
                                 phase_of(status)};
    EXPECT_EQ(read_reconcile_answer(to_json(answer)).value(), answer);
  }
  const ReconcileAnswer least{PhaseStatus::ready, 1, 0, nullptr, {}, {}};
  EXPECT_EQ(read_reconcile_answer(to_json(least)).value(), least);
}

TEST(Answer, ABranchsEndComesBackAsItWasWritten) {
  BranchEnd ready;
  ready.environment = "dev";
  ready.members["db"] = {{{"stopped", {"i-0123456789abcdef0"}}}, {{"belongs to a group", {"i-9"}}}};
  ready.phases = {phase_of(PhaseStatus::ready)};
  EXPECT_EQ(read_branch_end(to_json(ready)).value(), ready);
  BranchEnd halted;
  halted.environment = "dev";
  halted.halted = true;
  halted.phase = "db";
  halted.reason = "no";
  halted.phases = {phase_of(PhaseStatus::failed)};
  EXPECT_EQ(read_branch_end(to_json(halted)).value(), halted);
  BranchEnd skipped;
  skipped.environment = "dev";
  skipped.skipped = true;
  EXPECT_EQ(read_branch_end(to_json(skipped)).value(), skipped);
  EXPECT_FALSE(skipped.was_wanted());
  skipped.reason = "paused by ada";
  EXPECT_EQ(read_branch_end(to_json(skipped)).value(), skipped);
  EXPECT_TRUE(skipped.was_wanted());
}

TEST(Answer, AReportsComesBackAsItWasWritten) {
  ReportAnswer answer;
  answer.action = Action::stop;
  answer.subject = subject_of(Action::stop, true, "lower");
  answer.body = "SHUTDOWN STATUS: ABORTED\n\n…";
  answer.warnings = {"nobody is subscribed to the topic"};
  ReportedPhase db;
  db.name = "db";
  db.status = PhaseEnd::ready;
  db.servers_total = db.servers_ready = 1;
  db.servers = {kServer};
  db.notes = {"test9 (i-9): appeared later"};
  answer.environments = {{"dev", false, "", "", {db}}};
  ReportedPhase failed;
  failed.name = "db";
  failed.status = PhaseEnd::failed;
  failed.reason = "no capacity";
  failed.servers_total = 2;
  ReportedPhase untouched;
  untouched.name = "app";
  answer.environments.push_back({"test", true, "db", "no capacity", {failed, untouched}});
  answer.alarms = {1, 2, 3, kEnded, {"test db: no"}};
  answer.started_at = kBegan;
  answer.ended_at = kEnded;
  EXPECT_EQ(read_report_answer(to_json(answer)).value(), answer);
  EXPECT_EQ(answer.status(), "ABORTED");
  answer.environments.pop_back();
  answer.alarms.follow_by.reset();
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

TEST(Answer, AWaitingPhaseListsTheFirstHundred) {
  PhaseAnswer waiting;
  for (int i = 0; i < 150; ++i) {
    waiting.servers.push_back({"", "i-" + std::to_string(i), "", "", "", "", i < 120 ? "slow" : ""});
  }
  shorten(waiting, 7);
  EXPECT_THAT(waiting.servers, SizeIs(100));
  EXPECT_THAT(waiting.reasons, SizeIs(0)) << "the next answer replaces it";
}

/// A failed phase of 150 servers with two reasons of their own and one for all others.
PhaseAnswer failed_phase() {
  PhaseAnswer ended;
  ended.status = PhaseStatus::failed;
  ended.reason = "UnauthorizedOperation: " + std::string(3000, 'x') + " with an explicit deny";
  for (int i = 0; i < 150; ++i) {
    const std::string reason = i < 2 ? "own " + std::to_string(i) : i < 120 ? "slow" : "";
    ended.servers.push_back({"", "i-" + std::to_string(i), "stopped", "running", "", "", reason});
  }
  return ended;
}

TEST(Answer, AnEndedPhaseKeepsWithinItsRoomAndTellsWhatConcernsMost) {
  PhaseAnswer ended = failed_phase();
  shorten(ended, 1'800);
  EXPECT_THAT(ended.servers, SizeIs(0));
  EXPECT_THAT(ended.reasons.at("slow"), SizeIs(118));
  EXPECT_LE(json_text(to_json(ended)).size(), 1'800U + 400U);
  EXPECT_THAT(ended.reason, testing::StartsWith("UnauthorizedOperation: "));
  EXPECT_THAT(ended.reason, testing::EndsWith("with an explicit deny"));
}

TEST(Answer, AnEndedPhaseThatFitsListsEveryServer) {
  PhaseAnswer ended = failed_phase();
  shorten(ended, 100'000);
  EXPECT_EQ(ended.servers, failed_phase().servers);
  EXPECT_THAT(ended.reasons, SizeIs(3));
}

}  // namespace
}  // namespace lamplighter::tasks
