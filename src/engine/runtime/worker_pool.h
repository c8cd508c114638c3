// Threads that run jobs, as many as the jobs at hand ask for.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace lamplighter::engine {

/// Safe to use from several threads. Jobs begin in the order in which they were given: at once where a thread
/// is idle or another may be started. A thread that has been idle for a while ends. A job must not throw.
class WorkerPool {
 public:
  using JobId = std::uint64_t;

  /// At most `most` jobs (at least 1) hold a place at once.
  explicit WorkerPool(std::size_t most, std::chrono::milliseconds idle = std::chrono::seconds{10});
  ~WorkerPool() { close(std::chrono::milliseconds{0}); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Forgets the job at once where the pool is closed.
  JobId submit(std::function<void()> job);
  /// Nobody waits for that job any more: forgets it where it hasn't begun, else its place is free for another
  /// (its thread ends when it lets go). Does nothing to one that has ended.
  void release(JobId id);
  /// Forgets the jobs that have not begun and waits for the others, `patience` long. Gives how many are still
  /// running then: those have threads that outlive the pool, and what they use has to.
  std::size_t close(std::chrono::milliseconds patience);

  /// Jobs that hold a place, and those that have yet to begin.
  struct Load {
    std::size_t active = 0;
    std::size_t waiting = 0;
  };
  [[nodiscard]] Load load() const;

  /// Threads that there are.
  [[nodiscard]] std::size_t threads() const;

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;  ///< with each of its threads
};

}  // namespace lamplighter::engine
