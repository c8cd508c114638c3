#include "tasks/batch.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

#include <fmt/format.h>
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

/// A call that is refused with `code` whenever it names one of `bad`; as with EC2, the message is about the
/// first of them.
struct Ec2 {
  std::set<std::string> bad{};
  std::string code = "InsufficientInstanceCapacity";
  bool names_it = false;  ///< the message names the server
  std::vector<Ids> calls{};
  std::set<std::string> started{};

  std::function<Status(const Ids&)> call() {
    return [this](const Ids& batch) -> Status {
      calls.push_back(batch);
      for (const auto& id : batch) {
        if (bad.count(id) == 0) continue;
        return fail(ErrorKind::aws, code, names_it ? fmt::format("The instance '{}' may not.", id) : "no");
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
    EXPECT_LE(ec2.calls.size(), 11U) << "four calls a quartering, at most";
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

TEST(Batch, AnyOfEightMayBeRefusedInAnyOrderEachForItself) {
  std::mt19937 shuffling(9);  // NOLINT: the same orders every time
  for (const bool names_it : {true, false}) {
    for (unsigned subset = 0; subset < 256; ++subset) {
      Ids order = ids(8);
      std::shuffle(order.begin(), order.end(), shuffling);
      Ec2 ec2{.code = "OperationNotPermitted", .names_it = names_it};
      for (unsigned i = 0; i < 8; ++i) {
        if ((subset >> i & 1U) != 0) ec2.bad.insert("i-" + std::to_string(i));
      }
      const auto outcome = call_in_batches(order, ec2.call());
      const auto refused = refused_ids(outcome);
      EXPECT_EQ(std::set<std::string>(refused.begin(), refused.end()), ec2.bad) << subset;
      EXPECT_EQ(outcome.accepted.size() + refused.size(), 8U) << subset;
      EXPECT_EQ(ec2.started.size(), outcome.accepted.size()) << subset;
      for (const auto& one : outcome.refused) {
        EXPECT_TRUE(one.settled);
        EXPECT_THAT(one.error.message, testing::HasSubstr(names_it ? "'" + one.id + "'" : "no"));
      }
      const std::size_t most = names_it ? ec2.bad.size() + 1 : 15;
      EXPECT_LE(ec2.calls.size(), most) << "a call for each that the message names, and one for the rest";
    }
  }
}

TEST(Batch, AMessageThatNamesSeveralIsNobodysOwn) {
  std::vector<Ids> calls;
  const auto outcome = call_in_batches(ids(12), [&](const Ids& batch) -> Status {
    calls.push_back(batch);
    if (batch.size() == 12) return fail(ErrorKind::aws, "InvalidInstanceID.NotFound", "'i-1, i-10' are gone");
    if (batch.size() > 1 && std::count(batch.begin(), batch.end(), "i-1") > 0)
      return fail(ErrorKind::aws, "InvalidInstanceID.NotFound", "'i-1' is gone");
    return {};
  });
  ASSERT_EQ(refused_ids(outcome), Ids{"i-1"}) << "i-10 and i-11 are other servers than i-1";
  EXPECT_EQ(outcome.refused.front().error.message, "'i-1' is gone");
}

TEST(Batch, APermissionRefusedToAllIsToldToEachByItsOwnAnswer) {
  Ec2 ec2{.code = "UnauthorizedOperation", .names_it = true};
  for (const auto& id : ids(100)) ec2.bad.insert(id);
  const auto outcome = call_in_batches(ids(100), ec2.call());
  EXPECT_EQ(ec2.calls.size(), 16U);
  EXPECT_EQ(outcome.refused.size(), 100U);
  for (const auto& refused : outcome.refused) {
    EXPECT_THAT(refused.error.message, testing::HasSubstr(refused.settled ? refused.id : "not tried alone"));
  }
}

TEST(Batch, WhatIsRefusedToEveryoneIsNotAskedServerByServer) {
  for (const auto* code : {"AuthFailure", "OptInRequired", "ExpiredToken", "InvalidClientTokenId"}) {
    Ec2 ec2{.code = code};
    for (const auto& id : ids(100)) ec2.bad.insert(id);
    call_in_batches(ids(100), ec2.call());
    EXPECT_EQ(ec2.calls.size(), 1U) << code;
  }
}

TEST(Batch, APermissionRefusedForOneServerIsItsOwn) {
  Ec2 ec2{.bad = {"i-3"}, .code = "UnauthorizedOperation"};
  EXPECT_EQ(call_in_batches(ids(20), ec2.call()).accepted.size(), 19U);
}

TEST(Batch, CallsAreBoundedAndTheRestIsForTheNextLook) {
  Ec2 ec2;
  for (const auto& id : ids(100)) ec2.bad.insert(id);
  const auto outcome = call_in_batches(ids(100), ec2.call());
  EXPECT_EQ(ec2.calls.size(), 16U);
  ASSERT_EQ(outcome.refused.size(), 100U);
}

/// EC2 lets five calls through at once, and some a look: whoever may be started is, whoever may not is found
/// out, and each look goes on where the last one was.
TEST(Batch, HoweverFewCallsALookHasEveryServerComesToItsEnd) {
  std::mt19937 random(4);  // NOLINT: the same every time
  for (const int count : {2, 8, 33, 60, 100, 250}) {
    for (const int bad : {1, 3, count / 4, count / 2, count}) {
      Ids all = ids(count);
      Ec2 ec2;
      std::shuffle(all.begin(), all.end(), random);
      ec2.bad.insert(all.begin(), all.begin() + std::min(bad, count));
      if (bad == 1) ec2.bad = {"i-0"};
      Ids due = ids(count);
      Together together;
      std::set<std::string> settled;
      for (int look = 0; look < 2 * count && !due.empty(); ++look) {
        int left = 5;
        const auto outcome = call_in_batches(
            due,
            [&](const Ids& batch) -> Status {
              if (left-- == 0) return fail(ErrorKind::aws, "RequestLimitExceeded", "not so fast");
              return ec2.call()(batch);
            },
            together);
        due.clear();
        together.clear();
        for (const auto& one : outcome.refused) {
          if (one.settled) {
            settled.insert(one.id);
            continue;
          }
          due.push_back(one.id);
          if (one.together > 0) together[one.id] = one.together;
        }
        if (bad == 1 && look == 0) {
          EXPECT_GE(ec2.started.size(), static_cast<std::size_t>(count) / 4) << count;
        }
      }
      EXPECT_THAT(due, testing::IsEmpty()) << count << " " << bad;
      EXPECT_EQ(settled, ec2.bad) << count << " " << bad;
      EXPECT_EQ(ec2.started.size() + settled.size(), static_cast<std::size_t>(count));
      EXPECT_LE(ec2.calls.size(), 2 * static_cast<std::size_t>(count) + 10);
    }
  }
}

TEST(Refusal, ReasonsAreShortAndOfOneLine) {
  const Error error{ErrorKind::aws, "UnauthorizedOperation",
                    "You may not.\nEncoded authorization failure message: " + std::string(2000, 'x')};
  EXPECT_EQ(describe(error), "UnauthorizedOperation: You may not.");
  EXPECT_LE(shorten_reason(std::string(1000, 'x')).size(), 280U);
  std::string umlauts;
  for (int i = 0; i < 400; ++i) umlauts += "ä";
  EXPECT_THAT(shorten_reason(umlauts), testing::HasSubstr("ä…ä")) << "cut between characters";
  EXPECT_EQ(shorten_reason("no\x1b[2J\u202Eway\n"), "no [2J\uFFFDway");
  const auto denied = shorten_reason("UnauthorizedOperation: " + std::string(400, 'x') +
                                     " with an explicit deny in a service control policy");
  EXPECT_THAT(denied, testing::StartsWith("UnauthorizedOperation: "));
  EXPECT_THAT(denied, testing::EndsWith(" with an explicit deny in a service control policy"));
}

}  // namespace
}  // namespace lamplighter::tasks
