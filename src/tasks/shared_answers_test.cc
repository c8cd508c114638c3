#include "tasks/shared_answers.h"

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::tasks {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

using Numbers = SharedAnswers<int>;
using Keys = Numbers::Keys;

/// Answers each key's length, and writes down what it is asked.
struct Lengths {
  std::vector<Keys> asked{};
  std::optional<Error> error{};

  Numbers::Ask ask() {
    return [this](const Keys& batch) -> Result<Numbers::Values> {
      asked.push_back(batch);
      if (error) return tl::unexpected(*error);
      Numbers::Values values;
      for (const auto& key : batch) {
        if (!key.starts_with("no")) values[key] = static_cast<int>(key.size());
      }
      return values;
    };
  }
};

class SharedAnswersTest : public testing::Test {
 protected:
  Numbers::Values get(const Keys& keys, const Keys& others = {}) {
    return numbers_.get(keys, others, lengths_.ask()).value();
  }

  ManualClock clock_{Time{std::chrono::seconds{1'795'000'000}}};
  Numbers numbers_{3, clock_};
  Lengths lengths_;
};

TEST_F(SharedAnswersTest, WhatWasAnsweredIsNotAskedAgainForASecond) {
  EXPECT_THAT(get({"a", "bb"}), ElementsAre(Pair("a", 1), Pair("bb", 2)));
  EXPECT_THAT(get({"bb", "ccc"}), ElementsAre(Pair("bb", 2), Pair("ccc", 3)));
  EXPECT_THAT(lengths_.asked, ElementsAre(Keys{"a", "bb"}, Keys{"ccc"}));
  clock_.sleep(std::chrono::milliseconds{1001});
  get({"a"});
  EXPECT_EQ(lengths_.asked.size(), 3U);
}

TEST_F(SharedAnswersTest, WhatIsChangedIsAskedForAgainAtOnce) {
  get({"a", "bb"});
  numbers_.change({"a"});
  get({"a", "bb"});
  EXPECT_THAT(lengths_.asked, ElementsAre(Keys{"a", "bb"}, Keys{"a"}));
}

TEST_F(SharedAnswersTest, WhatIsWantedSoonFillsTheBatch) {
  get({"a"}, {"b", "c", "d"});
  EXPECT_THAT(get({"b", "c"}), ElementsAre(Pair("b", 1), Pair("c", 1)));
  EXPECT_THAT(lengths_.asked, ElementsAre(Keys{"a", "b", "c"})) << "and no more than the batch holds";
}

TEST_F(SharedAnswersTest, MoreThanABatchIsAskedBatchByBatch) {
  EXPECT_EQ(get({"a", "b", "c", "d", "e", "f", "g"}).size(), 7U);
  EXPECT_EQ(lengths_.asked.size(), 3U);
}

TEST_F(SharedAnswersTest, WhatAnotherQuestionToldIsNotAskedFor) {
  numbers_.learn({{"a", 7}});
  EXPECT_THAT(get({"a"}), ElementsAre(Pair("a", 7)));
  EXPECT_THAT(lengths_.asked, IsEmpty());
}

TEST_F(SharedAnswersTest, AnAnswerThatTookLongIsAnAnswerAndIsNotAskedForAgain) {
  int asked = 0;
  const auto slow = [&](const Keys&) -> Result<Numbers::Values> {
    clock_.sleep(std::chrono::seconds{30});
    if (++asked > 3) return fail(ErrorKind::internal, "AskedAgain", "for ever");
    return Numbers::Values{{"a", 1}};
  };
  EXPECT_THAT(numbers_.get({"a"}, {}, slow).value(), ElementsAre(Pair("a", 1)));
  EXPECT_EQ(asked, 1);
}

TEST_F(SharedAnswersTest, AKeyWithoutAValueIsAnAnswerToo) {
  EXPECT_THAT(get({"none"}), IsEmpty());
  EXPECT_THAT(get({"none", "a"}), ElementsAre(Pair("a", 1)));
  EXPECT_THAT(lengths_.asked, ElementsAre(Keys{"none"}, Keys{"a"}));
}

TEST_F(SharedAnswersTest, AnErrorIsOfThoseWhoWaitedForItAndOfNobodyLater) {
  lengths_.error = Error{ErrorKind::aws, "RequestLimitExceeded", "later"};
  EXPECT_EQ(numbers_.get({"a"}, {"b"}, lengths_.ask()).error().code, "RequestLimitExceeded");
  lengths_.error.reset();
  EXPECT_EQ(get({"a", "b"}).size(), 2U);
}

TEST_F(SharedAnswersTest, AnExceptionIsAnErrorAndHoldsUpNobody) {
  const auto broken = [](const Keys&) -> Result<Numbers::Values> { throw std::runtime_error("broken"); };
  EXPECT_EQ(numbers_.get({"a"}, {}, broken).error().message, "broken");
  EXPECT_EQ(get({"a"}).size(), 1U);
}

/// Threads that want something while nothing is answered yet.
class Crowd {
 public:
  explicit Crowd(int size) : size_(size) {}

  /// Lets `want(i)` run in each thread, answers nothing before all but `asking` of them wait, and gives how
  /// often was asked.
  int run(int asking, const std::function<void(Numbers&, int, const Numbers::Ask&)>& want,
          const Numbers::Ask& answer) {
    const SystemClock clock;
    Numbers numbers(200, clock);
    std::promise<void> all_wait;
    const std::shared_future<void> released = all_wait.get_future().share();
    std::atomic<int> asked = 0;
    const auto ask = [&](const Keys& batch) {
      ++asked;
      released.wait();
      return answer(batch);
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < size_; ++i) threads.emplace_back([&, i] { want(numbers, i, ask); });
    while (asked < asking || numbers.waiting() < size_ - asking) std::this_thread::yield();
    all_wait.set_value();
    for (auto& thread : threads) thread.join();
    return asked;
  }

 private:
  int size_;
};

TEST(SharedAnswersOfThreads, ThoseWhoComeWhileOthersAskGoTogetherAndGetTheirOwn) {
  std::atomic<int> right = 0;
  const auto want = [&](Numbers& numbers, int i, const Numbers::Ask& ask) {
    const auto values = numbers.get({std::to_string(i), std::to_string(i + 1000)}, {}, ask);
    if (values && values->size() == 2 && values->at(std::to_string(i)) == i) ++right;
  };
  const auto answer = [](const Keys& batch) -> Result<Numbers::Values> {
    Numbers::Values values;
    for (const auto& key : batch) values[key] = std::stoi(key);
    return values;
  };
  EXPECT_EQ(Crowd(60).run(Numbers::kAtOnce, want, answer), Numbers::kAtOnce + 1);
  EXPECT_EQ(right, 60);
}

TEST(SharedAnswersOfThreads, OneQuestionServesAllWhoWaitForItsKeyItsErrorToo) {
  std::atomic<int> failed = 0;
  const auto want = [&](Numbers& numbers, int, const Numbers::Ask& ask) {
    if (!numbers.get({"a"}, {}, ask)) ++failed;
  };
  const auto dark = [](const Keys&) -> Result<Numbers::Values> {
    return fail(ErrorKind::aws, "ConnectionError", "dark");
  };
  EXPECT_EQ(Crowd(20).run(1, want, dark), 1);
  EXPECT_EQ(failed, 20);
}

}  // namespace
}  // namespace lamplighter::tasks
