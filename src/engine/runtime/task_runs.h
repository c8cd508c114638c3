// The tasks that this process runs: from the pool's queue until the history holds their results, and which of
// them the histories don't know yet to have begun.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "engine/core/execution.h"
#include "engine/core/task_runner.h"
#include "engine/core/timeline.h"
#include "engine/runtime/worker_pool.h"

namespace lamplighter::engine {

/// Whether a worker has taken a task up, and when.
class Beginning {
 public:
  /// For the worker.
  void set(const Now& now) {
    now_ = now;
    set_.store(true, std::memory_order_release);
  }
  [[nodiscard]] const Now* get() const { return set_.load(std::memory_order_acquire) ? &now_ : nullptr; }

 private:
  Now now_;
  std::atomic<bool> set_ = false;
};

/// What became of a task.
struct EndedTask {
  std::int64_t execution = 0;
  std::uint64_t task_id = 0;
  Now begun;
  TaskResult result;
};

/// For the driver's thread. The runner, and the clock behind the timeline, must outlive also the tasks that
/// close() left behind.
class TaskRuns {
 public:
  /// Called on a worker's thread, or in run(); must be safe for as long as tasks run.
  using Report = std::function<void(std::shared_ptr<const EndedTask>)>;

  TaskRuns(std::size_t most, TaskRunner& runner, std::shared_ptr<const Timeline> timeline, Report report)
      : pool_(most), runner_(runner), timeline_(std::move(timeline)), report_(std::move(report)) {}

  /// Runs a task, unless it is being run: nothing is done twice because its result could not be committed. A
  /// result that there is already is reported again.
  void run(std::int64_t execution, TaskRequest task);
  /// Keeps the result until release().
  void keep(std::shared_ptr<const EndedTask> ended);

  /// After a commit: gives up the execution's tasks that its core does not await any more.
  void release(std::int64_t execution, const ExecutionCore& core);

  /// Whether any task has not begun as far as the histories know.
  [[nodiscard]] bool any_untold() const { return untold_ > 0; }
  struct Begun {
    std::int64_t execution = 0;
    std::uint64_t task_id = 0;
    Now at;
  };
  /// Those that began at `before` or earlier, each told once.
  std::vector<Begun> tell(Time before);

  /// As WorkerPool::load; safe from any thread.
  [[nodiscard]] WorkerPool::Load load() const { return pool_.load(); }

  /// As WorkerPool::close.
  std::size_t close(std::chrono::milliseconds patience) { return pool_.close(patience); }

 private:
  struct Run {
    WorkerPool::JobId job = 0;
    std::shared_ptr<Beginning> beginning;
    std::shared_ptr<const EndedTask> ended;
    bool told = false;
  };
  using Key = std::pair<std::int64_t, std::uint64_t>;

  WorkerPool pool_;
  TaskRunner& runner_;
  std::shared_ptr<const Timeline> timeline_;
  Report report_;
  std::map<Key, Run> runs_;
  std::size_t untold_ = 0;
};

}  // namespace lamplighter::engine
