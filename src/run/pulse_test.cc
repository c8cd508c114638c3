#include "run/pulse.h"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/mock_engine.h"
#include "tests/support/recorded_log.h"

namespace lamplighter::run {
namespace {

using std::chrono_literals::operator""ms;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::NiceMock;

/// An engine whose thread answers while it is told to, and a scheduler's thread.
class PulseTest : public testing::Test {
 protected:
  PulseTest() {
    ON_CALL(engine_, ping).WillByDefault([this](bool, const std::function<void(const Status&)>& answer) {
      if (answers_) answer(Status{});
    });
  }
  std::unique_ptr<Pulse> pulse() {
    return std::make_unique<Pulse>(
        engine_,
        [this](Heartbeat::Moment moment) {
          if (beats_) heart_.beat();
          return heart_.has_beaten_since(moment) ? std::vector<std::string>() : std::vector<std::string>{"f"};
        },
        Pulse::Options{20ms, 20ms}, log_, [this] { ++alive_; });
  }
  template <class Holds>
  static void wait_until(Holds holds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!holds() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(1ms);
    ASSERT_TRUE(holds());
  }

  NiceMock<api::MockEngine> engine_;
  RecordedLog log_;
  Heartbeat heart_;
  std::atomic<bool> answers_ = true;
  std::atomic<bool> beats_ = true;
  std::atomic<int> alive_ = 0;
};

TEST_F(PulseTest, GoesOnWhileAllThreadsComeRound) {
  const auto pulse = this->pulse();
  wait_until([&] { return alive_ >= 3; });
  EXPECT_THAT(pulse->hanging(), IsEmpty());
}

TEST_F(PulseTest, AnEngineThatHangsIsNamedOnceAndNobodyIsToldThatAllIsWell) {
  auto pulse = this->pulse();
  answers_ = false;
  wait_until([&] { return !pulse->hanging().empty(); });
  EXPECT_THAT(pulse->hanging(), ElementsAre("the engine"));
  const int before = alive_;
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(alive_, before);
  answers_ = true;
  wait_until([&] { return alive_ > before; });
  EXPECT_THAT(pulse->hanging(), IsEmpty());
  pulse.reset();
  EXPECT_THAT(log_.troubles, ElementsAre("the engine: this thread does not go on"));
}

TEST_F(PulseTest, ASchedulersThreadThatHangsIsNoticed) {
  const auto pulse = this->pulse();
  beats_ = false;
  wait_until([&] { return !pulse->hanging().empty(); });
  EXPECT_THAT(pulse->hanging(), ElementsAre("f"));
}

TEST_F(PulseTest, ASlowAnswerFromAwsIsNoHanging) {
  const auto pulse = this->pulse();
  wait_until([&] { return alive_ >= 1; });
  const Heartbeat::Waiting waiting(heart_);
  beats_ = false;
  const int before = alive_;
  wait_until([&] { return alive_ >= before + 5; });
  EXPECT_THAT(pulse->hanging(), IsEmpty());
}

}  // namespace
}  // namespace lamplighter::run
