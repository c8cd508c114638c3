#include "engine/runtime/worker_pool.h"

#include <atomic>
#include <future>
#include <latch>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace lamplighter::engine {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

constexpr auto kLong = 20s;  ///< for what must come; no test waits that long if all is well

/// Keeps jobs until it is opened.
class Gate {
 public:
  std::function<void()> job() {
    return [this] { future_.wait(); };
  }
  void open() { promise_.set_value(); }

 private:
  std::promise<void> promise_;
  std::shared_future<void> future_ = promise_.get_future().share();
};

template <class Condition>
bool becomes(Condition condition) {
  const auto until = std::chrono::steady_clock::now() + kLong;
  while (!condition() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(1ms);
  return condition();
}

TEST(WorkerPool, AFastJobBehindAHundredSlowOnesIsDoneFirst) {
  Gate gate;
  WorkerPool pool(256);
  for (int i = 0; i < 100; ++i) pool.submit(gate.job());
  std::promise<void> done;
  pool.submit([&] { done.set_value(); });
  EXPECT_EQ(done.get_future().wait_for(kLong), std::future_status::ready);
  gate.open();
  EXPECT_EQ(pool.close(kLong), 0U);
}

TEST(WorkerPool, FortyJobsAreAllUnderWayAtOnce) {
  std::latch all(40);
  WorkerPool pool(40);
  std::promise<void> done;
  for (int i = 0; i < 40; ++i) {
    pool.submit([&, i] {
      all.arrive_and_wait();
      if (i == 0) done.set_value();
    });
  }
  EXPECT_EQ(done.get_future().wait_for(kLong), std::future_status::ready);
  EXPECT_EQ(pool.close(kLong), 0U);
}

TEST(WorkerPool, NeverHoldsMorePlacesThanItMay) {
  std::atomic<int> now = 0;
  std::atomic<int> most = 0;
  std::atomic<int> ended = 0;
  WorkerPool pool(2);
  for (int i = 0; i < 50; ++i) {
    pool.submit([&] {
      const int held = ++now;
      for (int seen = most; held > seen && !most.compare_exchange_weak(seen, held);) {
      }
      --now;
      ++ended;
    });
  }
  EXPECT_TRUE(becomes([&] { return ended == 50; }));
  EXPECT_LE(most, 2);
  EXPECT_LE(pool.threads(), 2U);
}

TEST(WorkerPool, BeginsInOrder) {
  std::vector<int> order;  // one thread at a time, so it needs no lock
  WorkerPool pool(1);
  for (int i = 0; i < 50; ++i) pool.submit([&, i] { order.push_back(i); });
  std::promise<void> last;
  pool.submit([&] { last.set_value(); });
  ASSERT_EQ(last.get_future().wait_for(kLong), std::future_status::ready);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(WorkerPool, IdleThreadsEnd) {
  WorkerPool pool(16, 1ms);
  std::latch all(16);
  for (int i = 0; i < 16; ++i) pool.submit([&] { all.arrive_and_wait(); });
  EXPECT_TRUE(becomes([&] { return pool.threads() == 0; }));
  std::promise<void> done;
  pool.submit([&] { done.set_value(); });
  EXPECT_EQ(done.get_future().wait_for(kLong), std::future_status::ready) << "and others begin";
}

TEST(WorkerPool, AReleasedJobLeavesItsPlaceToAnother) {
  Gate gate;
  WorkerPool pool(1);
  std::promise<void> begun;
  const auto stuck = pool.submit([&] {
    begun.set_value();
    gate.job()();
  });
  begun.get_future().wait();
  std::promise<void> done;
  pool.submit([&] { done.set_value(); });
  auto future = done.get_future();
  EXPECT_EQ(future.wait_for(0s), std::future_status::timeout);
  pool.release(stuck);
  EXPECT_EQ(future.wait_for(kLong), std::future_status::ready);
  gate.open();
  EXPECT_TRUE(becomes([&] { return pool.threads() <= 1; })) << "the thread that let go late is one too many";
}

TEST(WorkerPool, AReleasedJobThatHasNotBegunNeverDoes) {
  Gate gate;
  std::atomic<bool> ran = false;
  WorkerPool pool(1);
  pool.submit(gate.job());
  const auto waiting = pool.submit([&] { ran = true; });
  pool.release(waiting);
  std::promise<void> last;
  pool.submit([&] { last.set_value(); });
  gate.open();
  last.get_future().wait();
  EXPECT_FALSE(ran);
}

TEST(WorkerPool, ClosingWaitsForWhatRunsAndForgetsTheRest) {
  std::atomic<int> ran = 0;
  Gate gate;
  WorkerPool pool(1);
  std::promise<void> begun;
  pool.submit([&] {
    begun.set_value();
    gate.job()();
    ++ran;
  });
  pool.submit([&] { ++ran; });
  begun.get_future().wait();
  EXPECT_EQ(pool.close(std::chrono::milliseconds{0}), 1U) << "one has begun";
  gate.open();
  EXPECT_EQ(pool.close(kLong), 0U);
  EXPECT_EQ(ran, 1);
  pool.submit([&] { ++ran; });
  EXPECT_EQ(ran, 1) << "nothing begins in a closed pool";
}

TEST(WorkerPool, ClosingLeavesAJobBehindThatHangs) {
  auto gate = std::make_shared<Gate>();
  auto gone = std::make_shared<std::promise<void>>();
  {
    WorkerPool pool(4);
    std::promise<void> begun;
    pool.submit([&begun, gate, gone] {
      begun.set_value();
      gate->job()();
      gone->set_value();
    });
    begun.get_future().wait();
    EXPECT_EQ(pool.close(1ms), 1U);
  }
  gate->open();
  EXPECT_EQ(gone->get_future().wait_for(kLong), std::future_status::ready) << "its thread outlives the pool";
}

}  // namespace
}  // namespace lamplighter::engine
