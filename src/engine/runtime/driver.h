// The real driver: one thread that owns the writing store and all running executions. Everything that changes
// something is a request to it. Requests that come while a commit is under way share the next one (group
// commit); tasks, timers, answers and observers follow their commit.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "engine/core/task_runner.h"
#include "engine/runtime/engine.h"
#include "engine/runtime/images.h"
#include "engine/runtime/worker_pool.h"
#include "engine/store/store.h"

namespace lamplighter::engine {

/// Safe to use from several threads. Keeps references to the clock and the runner.
class Driver {
 public:
  Driver(const Options& options, Clock& clock, TaskRunner& runner, std::unique_ptr<Store> store);
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  /// Runs `work` on the driver's thread, in its next transaction, and gives its result after the commit. What
  /// `work` has written stays also where it fails: it must fail before it writes.
  template <class T>
  Result<T> call(std::function<Result<T>(Store&, Time now)> work);

  // For `work` only.
  /// Starts an execution whose row is in the store.
  Status start(const ExecutionRow& row, const Payload& input, Time now);
  /// Ends a running execution. Error: as Images::load.
  Status stop(std::int64_t id, const Failure& failure, Time now);
  /// Goes on with a running execution.
  void resume(const RunningRow& row);
  /// The same, and says at once when its history can't be read.
  Status resume_now(const RunningRow& row);

  Subscription subscribe(Observer observer);
  /// Counts commits in which executions ended.
  [[nodiscard]] std::uint64_t ends() const;
  /// Waits (in real time) until ends() differs from `seen`.
  void wait_for_ends(std::uint64_t seen, std::chrono::steady_clock::time_point until);

 private:
  using Request = std::function<void(Time now)>;

  /// One step that waits for its commit.
  struct Pending {
    std::int64_t id;
    std::string arn;
    Step step;
    bool ended;
  };

  void post(Request request);
  void loop();
  bool wait_for_work(std::vector<Request>& requests);
  void cycle(const std::vector<Request>& requests);
  void fire_timers(Time now);
  void carry_on(Time now);
  void use(std::int64_t id, const std::function<Step(ExecutionCore&)>& work);
  void take(std::int64_t id, Image& image, Step step);
  Status append(std::int64_t id, Image& image, const Step& step, std::int64_t due);
  void recover();
  void act();
  void hand_out(std::int64_t id, std::vector<TaskRequest> tasks);
  void tell(const Pending& pending);
  void prune(Time now);
  [[nodiscard]] std::chrono::steady_clock::time_point real_time(std::int64_t due) const;

  const Options options_;
  Clock& clock_;
  TaskRunner& runner_;
  std::unique_ptr<Store> store_;

  mutable std::mutex mutex_;
  std::condition_variable inbox_changed_;
  std::deque<Request> inbox_;
  bool closing_ = false;

  // Of the driver's thread.
  Images images_;
  std::vector<std::int64_t> runnable_;
  std::vector<Pending> pending_;
  std::vector<std::function<void(const Status& committed)>> answers_;
  Status failed_;  ///< why this round's transaction must not be committed
  Time next_prune_{};
  std::size_t ended_since_prune_ = 0;

  mutable std::mutex ends_mutex_;
  std::condition_variable ends_changed_;
  std::uint64_t ends_ = 0;

  /// Outlives the driver where a subscription does.
  struct Observers {
    std::mutex mutex;
    std::list<std::weak_ptr<Observer>> list;
  };
  std::shared_ptr<Observers> observers_ = std::make_shared<Observers>();

  WorkerPool pool_;
  std::thread thread_;
};

template <class T>
Result<T> Driver::call(std::function<Result<T>(Store&, Time now)> work) {
  auto promise = std::make_shared<std::promise<Result<T>>>();
  auto future = promise->get_future();
  post([this, promise, work = std::move(work)](Time now) {
    auto result = std::make_shared<Result<T>>(work(*store_, now));
    answers_.push_back([promise, result](const Status& committed) {
      if (committed) return promise->set_value(*std::move(result));
      promise->set_value(tl::unexpected(committed.error()));
    });
  });
  return future.get();
}

}  // namespace lamplighter::engine
