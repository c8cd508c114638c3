// The real driver: one thread that owns the writing store and all running executions. Everything that changes
// something is a request to it. Requests that come while a commit is under way share the next one (group
// commit); tasks, timers, answers and observers follow their commit.
//
// That thread computes nothing that may take long: an execution that may evaluate expressions is lent, as a
// whole, to a thread that carries it on for a while and gives it back with the step, which is then committed
// like any other. What comes for it meanwhile waits. A large history is read by another thread too.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <list>
#include <memory>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "engine/core/task_runner.h"
#include "engine/core/timeline.h"
#include "engine/runtime/disk_trouble.h"
#include "engine/runtime/engine.h"
#include "engine/runtime/images.h"
#include "engine/runtime/task_runs.h"
#include "engine/runtime/worker_pool.h"
#include "engine/store/store.h"

namespace lamplighter::engine {

/// Safe to use from several threads. Keeps references to the clock and the runner. `skew` is the store's.
class Driver {
 public:
  /// Threads that evaluate expressions.
  static constexpr std::size_t kComputing = 16;
  /// A task's beginning is told so late, if its end isn't told earlier.
  static constexpr std::chrono::milliseconds kTellAfter{20};

  Driver(const Options& options, Clock& clock, TaskRunner& runner, std::unique_ptr<Store> store,
         Duration skew);
  ~Driver() { close(); }
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  /// Waits for tasks and expressions that are under way, as long as the options say, takes in what they gave
  /// and ends. Gives how many are left that hang: their threads still use the clock and the runner. Nothing
  /// may be asked of the driver afterwards.
  std::size_t close();

  /// Runs `work` on the driver's thread, in its next transaction, and gives its result after the commit. What
  /// `work` has written stays also where it fails: it must fail before it writes. What changes a running
  /// execution names it, and has its turn when nobody else carries it on.
  template <class T>
  Result<T> call(std::function<Result<T>(Store&, Time now)> work, std::int64_t execution = 0);

  /// As Engine's.
  void ping(bool write, std::function<void(const Status&)> answer);
  [[nodiscard]] Load load() const;

  // For `work` only.
  /// Starts an execution whose row is in the store.
  Status start(const ExecutionRow& row, const Payload& input);
  /// Ends the running execution that the call named. Error: as Store's.
  Status stop(std::int64_t id, const Failure& failure);
  /// Goes on with a running execution.
  void resume(const RunningRow& row);
  /// The same, and says at once when its history can't be read.
  Status resume_now(const RunningRow& row);
  [[nodiscard]] bool carries_on(std::int64_t id) const { return images_.knows(id); }

  Subscription subscribe(Observer observer);
  /// Counts commits in which executions ended.
  [[nodiscard]] std::uint64_t ends() const;
  /// Waits (in real time) until ends() differs from `seen`.
  void wait_for_ends(std::uint64_t seen, std::chrono::steady_clock::time_point until);

 private:
  using Request = std::function<void()>;
  using Work = std::function<Step(ExecutionCore&, const Now&)>;

  /// Where requests come in. Outlives the driver where a task does.
  struct Inbox {
    void post(Request request);
    /// Those that a round had no room for are the next one's first.
    void put_back(std::vector<Request>::iterator begin, std::vector<Request>::iterator end);
    void close();
    Mutex mutex;
    std::condition_variable changed;
    std::deque<Request> requests GUARDED_BY(mutex);
    bool closing GUARDED_BY(mutex) = false;
  };

  /// An execution that another thread carries on.
  struct Loan {
    std::int64_t id;
    Work work;
    std::vector<TaskRequest> lost;  ///< tasks to be run again, whatever `work` leads to
    std::unique_ptr<Image> image;
    Step step;
  };

  /// One step that waits for its commit.
  struct Pending {
    std::int64_t id;
    std::string arn;
    Step step;
    bool ended;
  };

  // driver.cc
  void loop();
  bool wait_for_work(std::vector<Request>& requests);
  [[nodiscard]] bool has_work(const Now& now);
  [[nodiscard]] std::optional<std::chrono::milliseconds> longest_wait(const Now& now);
  void cycle(std::vector<Request> requests);
  void serve(std::vector<Request>& requests);
  [[nodiscard]] bool has_room() const;
  void notice_clock();
  void fire_timers();
  void carry_on();
  void take(std::int64_t id, Image& image, Step step);
  Status append(std::int64_t id, Image& image, const Step& step, std::int64_t due);
  void give_up(std::int64_t id, const Error& why);
  void recover();
  void note_recovery();
  void begin_again(std::int64_t id);
  void act();
  void tell(Pending& pending);
  [[nodiscard]] bool is_prune_due(const Now& now) const;
  void prune();
  void report(const std::string& trouble) const;

  // driver_turns.cc
  void use(std::int64_t id, Work work);
  void tell_beginnings();
  void finish(const std::shared_ptr<const EndedTask>& ended);
  [[nodiscard]] bool may_tell() const;
  [[nodiscard]] bool may_lend() const;
  [[nodiscard]] bool is_away(std::int64_t id, const Request& request);
  void read_elsewhere(std::int64_t id, std::unique_ptr<Image> blank);
  void take_read(std::int64_t id, std::unique_ptr<Image> image, const Status& read);
  void serve_waiting(std::int64_t id);
  void lend(Loan loan);
  void hand_over(Loan loan);
  void give_back(Loan& loan);
  void cancel_loans();

  const Options options_;
  Clock& clock_;
  const std::shared_ptr<Timeline> timeline_;
  std::unique_ptr<Store> store_;
  const std::shared_ptr<Inbox> inbox_ = std::make_shared<Inbox>();

  // Of the driver's thread.
  Now now_;  ///< of this round
  Images images_;
  TaskRuns tasks_;
  WorkerPool computing_;
  WorkerPool reading_;  ///< of large histories, one after the other: each takes its memory
  std::unordered_map<std::int64_t, std::vector<Request>> lent_;  ///< or read, and what waits for each
  std::atomic<std::size_t> running_ = 0;                         ///< executions, for load()
  std::vector<Loan> loans_;                                      ///< to be handed over after the commit
  bool skew_saved_ = true;
  std::chrono::steady_clock::time_point last_told_;
  std::vector<std::int64_t> runnable_;
  std::vector<Pending> pending_;
  std::size_t pending_bytes_ = 0;
  bool tried_disk_ = false;  ///< in this round, though there was nothing to write
  DiskTrouble disk_{options_.calm};
  std::vector<std::function<void(const Status& committed)>> answers_;
  Status round_;                    ///< why this round's transaction can't be committed
  std::optional<Time> next_prune_;  ///< measured; nullopt before the first round
  std::size_t ended_since_prune_ = 0;

  mutable Mutex ends_mutex_;
  std::condition_variable ends_changed_;
  std::uint64_t ends_ GUARDED_BY(ends_mutex_) = 0;

  /// Outlives the driver where a subscription does.
  struct Observers {
    Mutex mutex;
    std::list<std::weak_ptr<Observer>> list GUARDED_BY(mutex);
  };
  std::shared_ptr<Observers> observers_ = std::make_shared<Observers>();

  std::thread thread_;
};

template <class T>
Result<T> Driver::call(std::function<Result<T>(Store&, Time now)> work, std::int64_t execution) {
  auto promise = std::make_shared<std::promise<Result<T>>>();
  auto future = promise->get_future();
  const Request request = [this, promise, work = std::move(work)] {
    auto result = std::make_shared<Result<T>>(work(*store_, now_.wall));
    answers_.push_back([promise, result](const Status& committed) {
      if (committed) return promise->set_value(*std::move(result));
      promise->set_value(tl::unexpected(committed.error()));
    });
  };
  inbox_->post([this, execution, request] {
    if (!is_away(execution, request)) request();
  });
  return future.get();
}

}  // namespace lamplighter::engine
