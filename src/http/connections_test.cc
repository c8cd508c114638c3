#include "http/connections.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::http {
namespace {

using std::chrono::seconds;
using testing::MockFunction;

struct FakeConnection final : Connection {
  /// One whose client has kept it waiting since so many seconds after the first.
  explicit FakeConnection(int waits, std::size_t holds = 0)
      : waiting_since(Moment{} + seconds(waits)), bytes(holds) {}

  [[nodiscard]] bool is_open() const override { return open; }
  [[nodiscard]] std::optional<Moment> waits_since() const override { return waiting_since; }
  [[nodiscard]] std::size_t held() const override { return bytes; }
  void close() override { open = false, bytes = 0; }
  void finish() override { finished = true; }

  std::optional<Moment> waiting_since;
  std::size_t bytes;
  bool open = true;
  bool finished = false;
};

TEST(Connections, TheOneThatWaitedLongestGivesItsPlaceToAFurtherOne) {
  Connections connections(2, 100);
  FakeConnection late(9);
  FakeConnection early(3);
  connections.add(late);
  EXPECT_TRUE(connections.make_room());
  EXPECT_TRUE(late.open) << "there was room";
  connections.add(early);
  EXPECT_TRUE(connections.make_room());
  EXPECT_FALSE(early.open);
  EXPECT_TRUE(late.open);
}

TEST(Connections, NobodyThatIsWorkedForGivesWay) {
  Connections connections(1, 100);
  FakeConnection busy(1, 1'000);
  busy.waiting_since = std::nullopt;
  connections.add(busy);
  EXPECT_FALSE(connections.make_room());
  connections.keep_within_bounds();
  EXPECT_TRUE(busy.open);
}

TEST(Connections, ThoseThatHoldSomethingGiveWayUntilAllIsWithinBounds) {
  Connections connections(9, 100);
  FakeConnection idle(1);
  FakeConnection first(2, 60);
  FakeConnection second(3, 60);
  FakeConnection third(4, 60);
  for (auto* each : {&idle, &first, &second}) connections.add(*each);
  connections.keep_within_bounds();
  EXPECT_FALSE(first.open);
  EXPECT_TRUE(second.open);
  connections.add(third);
  connections.keep_within_bounds();
  EXPECT_FALSE(second.open);
  EXPECT_TRUE(third.open);
  EXPECT_TRUE(idle.open) << "it holds nothing";
}

TEST(Connections, TellsWhenTheLastHasGone) {
  Connections connections(9, 100);
  FakeConnection one(1);
  FakeConnection other(2);
  connections.add(one);
  connections.add(other);
  connections.finish();
  EXPECT_TRUE(one.finished && other.finished);
  MockFunction<void()> told;
  EXPECT_CALL(told, Call).Times(0);
  connections.when_none(told.AsStdFunction());
  connections.remove(one);
  testing::Mock::VerifyAndClearExpectations(&told);
  EXPECT_CALL(told, Call);
  connections.remove(other);
}

}  // namespace
}  // namespace lamplighter::http
