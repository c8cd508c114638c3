#include "tasks/admission/claim.h"

#include <gmock/gmock.h>

namespace lamplighter::tasks {
namespace {

using testing::HasSubstr;
using Kind = ClaimStep::Kind;

constexpr Time kNow{std::chrono::seconds(1'800'000'000)};
constexpr int kTaskTimeout = 120;

Contender contender(const std::string& name, int minutes_ago, Action action) {
  return {"arn:aws:states:us-east-1:123456789012:execution:f:" + name,
          kNow - std::chrono::minutes(minutes_ago), action};
}

const Contender kOlderStop = contender("stop-1", 10, Action::stop);
const Contender kStart = contender("start-2", 5, Action::start);
const Contender kNewerStop = contender("stop-3", 1, Action::stop);

Lease held_by(const Contender& one) {
  Lease lease;
  lease.generation = 7;
  lease.holder = lease.newest = one;
  lease.state = LeaseState::held;
  lease.holds = 600;
  lease.left = 6;
  return lease;
}

Claim claim_of(const Contender& one, OnConflict on_conflict = OnConflict::takeover) {
  return {one, on_conflict, 600, kNow};
}

ClaimStep step(const Lease& lease, const Claim& claim, int seen_for = 0,
               Standing standing = Standing::unknown) {
  return next_step(lease, claim, {lease.generation, lease.beat, seen_for, seen_for}, standing);
}

TEST(Claim, WhatNobodyHasIsTakenAndBegunAtOnce) {
  const auto taken = step({}, claim_of(kStart));
  ASSERT_EQ(taken.kind, Kind::write);
  EXPECT_EQ(taken.lease.generation, 1U);
  EXPECT_EQ(taken.lease.holder, kStart);
  EXPECT_EQ(step(taken.lease, claim_of(kStart)).kind, Kind::act) << "one write and no more";

  Lease released = held_by(kOlderStop);
  released.state = LeaseState::released;
  const auto again = step(released, claim_of(kStart));
  ASSERT_EQ(again.kind, Kind::write);
  EXPECT_EQ(step(again.lease, claim_of(kStart)).kind, Kind::act);
}

TEST(Claim, TheOppositeIsTakenOverAndBegunOnceTheHolderHasLeft) {
  const auto taken = step(held_by(kOlderStop), claim_of(kStart));
  ASSERT_EQ(taken.kind, Kind::write);
  EXPECT_EQ(taken.lease.generation, 8U);
  EXPECT_THAT(step(taken.lease, claim_of(kStart)).why, HasSubstr("until stop-1 changes nothing any more"));
  Lease left = taken.lease;
  left.left = 7;
  EXPECT_EQ(step(left, claim_of(kStart)).kind, Kind::write);
}

TEST(Claim, AHolderThatDoesntLeaveIsWaitedForAsLongAsATaskMayTake) {
  const auto taken = step(held_by(kOlderStop), claim_of(kStart)).lease;
  EXPECT_EQ(step(taken, claim_of(kStart), kTaskTimeout - 1).kind, Kind::wait);
  EXPECT_EQ(step(taken, claim_of(kStart), 0, Standing::acting).kind, Kind::wait);
  for (const auto& begun :
       {step(taken, claim_of(kStart), kTaskTimeout), step(taken, claim_of(kStart), 0, Standing::between),
        step(taken, claim_of(kStart), 0, Standing::over)}) {
    ASSERT_EQ(begun.kind, Kind::write);
    EXPECT_EQ(step(begun.lease, claim_of(kStart)).kind, Kind::act);
  }
}

TEST(Claim, TheSameActionIsWaitedForUntilItsHolderIsSilent) {
  const Lease held = held_by(kOlderStop);
  const auto waits = step(held, claim_of(kNewerStop));
  EXPECT_EQ(waits.kind, Kind::wait);
  EXPECT_THAT(waits.why, HasSubstr("waiting while stop-1"));
  EXPECT_EQ(step(held, claim_of(kNewerStop), 599).kind, Kind::wait);
  EXPECT_EQ(step(held, claim_of(kNewerStop), 600).kind, Kind::write);
  EXPECT_EQ(step(held, claim_of(kNewerStop), 0, Standing::over).kind, Kind::write);
}

TEST(Claim, WhoeverSaidSoWaitsForTheOppositeOrLeavesItAlone) {
  const Lease held = held_by(kOlderStop);
  EXPECT_EQ(step(held, claim_of(kStart, OnConflict::wait)).kind, Kind::wait);
  const auto refused = step(held, claim_of(kStart, OnConflict::refuse));
  EXPECT_EQ(refused.kind, Kind::give_up);
  EXPECT_THAT(refused.why, HasSubstr("stop-1"));
  EXPECT_EQ(step(held, claim_of(kNewerStop, OnConflict::refuse)).kind, Kind::give_up);
}

TEST(Claim, ARunThatComesByLateDoesntUndoWhatANewerOneWanted) {
  Lease lease = held_by(kNewerStop);
  for (const auto state : {LeaseState::held, LeaseState::reported, LeaseState::released}) {
    lease.state = state;
    const auto late = step(lease, claim_of(kStart));
    EXPECT_EQ(late.kind, Kind::give_up);
    EXPECT_THAT(late.why, HasSubstr("superseded by stop-3"));
  }
  lease.holder = kOlderStop;
  EXPECT_EQ(step(lease, claim_of(kStart)).kind, Kind::give_up) << "whoever has it now";
}

TEST(Claim, AClockThatRanAheadHoldsNobodyOff) {
  Lease lease = held_by(contender("stop-4", -60 * 24, Action::stop));
  lease.state = LeaseState::released;
  const auto taken = step(lease, claim_of(kStart));
  ASSERT_EQ(taken.kind, Kind::write);
  EXPECT_EQ(taken.lease.newest, kStart);
}

TEST(Claim, WhatOnlyWaitsForItsAlarmsIsTakenOverAtOnce) {
  Lease reported = held_by(kOlderStop);
  reported.state = LeaseState::reported;
  EXPECT_EQ(step(reported, claim_of(kStart)).kind, Kind::write);
  EXPECT_EQ(step(reported, claim_of(kNewerStop)).kind, Kind::write) << "of the same action too";
}

TEST(Claim, WhoeverIsCancelledGivesUp) {
  Lease lease = held_by(kOlderStop);
  lease.cancelled = {{kStart.execution, "ada@web1"}};
  const auto cancelled = step(lease, claim_of(kStart));
  EXPECT_EQ(cancelled.kind, Kind::give_up);
  EXPECT_EQ(cancelled.why, "cancelled by ada@web1");
  EXPECT_EQ(step(lease, claim_of(kNewerStop)).kind, Kind::wait) << "others are not";
}

}  // namespace
}  // namespace lamplighter::tasks
