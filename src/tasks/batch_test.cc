#include "tasks/batch.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tasks/refusal.h"

namespace lamplighter::tasks {
namespace {

using Ids = std::vector<std::string>;

Ids ids(int count) {
  Ids out;
  for (int i = 0; i < count; ++i) out.push_back("i-" + std::to_string(i));
  return out;
}

/// A call that is refused with `code` whenever it names one of `bad`.
struct Ec2 {
  std::set<std::string> bad{};
  std::string code = "InsufficientInstanceCapacity";
  std::vector<Ids> calls{};
  std::set<std::string> started{};

  std::function<Status(const Ids&)> call() {
    return [this](const Ids& batch) -> Status {
      calls.push_back(batch);
      for (const auto& id : batch) {
        if (bad.count(id) > 0) return fail(ErrorKind::aws, code, "refused for " + id);
      }
      started.insert(batch.begin(), batch.end());
      return {};
    };
  }
};

Ids refused_ids(const BatchOutcome& outcome) {
  Ids out;
  for (const auto& refused : outcome.refused) out.push_back(refused.id);
  return out;
}

TEST(Batch, AsksForAllAtOnce) {
  Ec2 ec2;
  const auto outcome = call_in_batches(ids(20), ec2.call());
  EXPECT_EQ(ec2.calls.size(), 1U);
  EXPECT_EQ(outcome.accepted, ids(20));
}

TEST(Batch, OneBadServerDoesNotKeepTheOthersFromStarting) {
  for (int bad = 0; bad < 20; ++bad) {
    Ec2 ec2{.bad = {"i-" + std::to_string(bad)}};
    const auto outcome = call_in_batches(ids(20), ec2.call());
    EXPECT_EQ(outcome.accepted.size(), 19U);
    ASSERT_EQ(refused_ids(outcome), Ids{"i-" + std::to_string(bad)});
    EXPECT_TRUE(outcome.refused.front().settled);
    EXPECT_LE(ec2.calls.size(), 11U) << "two calls a halving";
  }
}

TEST(Batch, ThrottlingIsNotSplitAndEndsTheWork) {
  Ec2 ec2{.bad = {"i-120"}, .code = "RequestLimitExceeded"};
  const auto outcome = call_in_batches(ids(300), ec2.call());
  EXPECT_EQ(ec2.calls.size(), 2U) << "the first hundred, the second, and no more";
  EXPECT_EQ(outcome.accepted.size(), 100U);
  EXPECT_EQ(outcome.refused.size(), 200U);
  EXPECT_FALSE(outcome.refused.front().settled);
}

TEST(Batch, APermissionRefusedToAllIsFoundOutInAFewCalls) {
  Ec2 ec2{.code = "UnauthorizedOperation"};
  for (const auto& id : ids(100)) ec2.bad.insert(id);
  const auto outcome = call_in_batches(ids(100), ec2.call());
  EXPECT_LE(ec2.calls.size(), 12U);
  EXPECT_EQ(outcome.refused.size(), 100U);
  EXPECT_TRUE(
      std::all_of(outcome.refused.begin(), outcome.refused.end(), [](const auto& r) { return r.settled; }));
}

TEST(Batch, APermissionRefusedForOneServerIsItsOwn) {
  Ec2 ec2{.bad = {"i-3"}, .code = "UnauthorizedOperation"};
  EXPECT_EQ(call_in_batches(ids(20), ec2.call()).accepted.size(), 19U);
}

TEST(Batch, CallsAreBoundedAndTheRestIsForTheNextLook) {
  Ec2 ec2;
  for (const auto& id : ids(100)) ec2.bad.insert(id);
  const auto outcome = call_in_batches(ids(100), ec2.call());
  EXPECT_EQ(ec2.calls.size(), 40U);
  ASSERT_EQ(outcome.refused.size(), 100U);
  const auto settled =
      std::count_if(outcome.refused.begin(), outcome.refused.end(), [](const auto& r) { return r.settled; });
  EXPECT_GE(settled, 15);
  EXPECT_LT(settled, 100);
}

TEST(Refusal, ReasonsAreShortAndOfOneLine) {
  const Error error{ErrorKind::aws, "UnauthorizedOperation",
                    "You may not.\nEncoded authorization failure message: " + std::string(2000, 'x')};
  EXPECT_EQ(describe(error), "UnauthorizedOperation: You may not.");
  EXPECT_LE(shorten_reason(std::string(1000, 'x')).size(), 240U);
  std::string umlauts;
  for (int i = 0; i < 400; ++i) umlauts += "ä";
  EXPECT_THAT(shorten_reason(umlauts), testing::EndsWith("ä…")) << "cut between characters";
}

}  // namespace
}  // namespace lamplighter::tasks
