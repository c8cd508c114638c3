#include "engine/runtime/worker_pool.h"

#include <algorithm>
#include <deque>
#include <system_error>
#include <thread>
#include <unordered_set>
#include <utility>

#include "base/mutex.h"

namespace lamplighter::engine {

using SteadyClock = std::chrono::steady_clock;

/// Threads are detached: what they touch is here, and close() counts them.
struct WorkerPool::Shared : std::enable_shared_from_this<Shared> {
  struct Job {
    JobId id = 0;
    std::function<void()> work;
  };

  Shared(std::size_t most_places, std::chrono::milliseconds most_idle)
      : most(std::max<std::size_t>(most_places, 1)), idle_time(most_idle) {}

  void start_threads() REQUIRES(mutex);
  void work();
  bool take_job(MutexLock& lock, Job& job) REQUIRES(mutex);
  [[nodiscard]] std::size_t busy() const REQUIRES(mutex) { return threads - idle; }

  const std::size_t most;
  const std::chrono::milliseconds idle_time;
  mutable Mutex mutex;
  std::condition_variable changed;  ///< for idle threads
  std::condition_variable left;     ///< for close()
  std::deque<Job> jobs GUARDED_BY(mutex);
  std::unordered_set<JobId> running GUARDED_BY(mutex);  ///< those that hold a place
  std::size_t threads GUARDED_BY(mutex) = 0;
  std::size_t idle GUARDED_BY(mutex) = 0;
  std::size_t released GUARDED_BY(mutex) = 0;  ///< threads whose job was released
  JobId last_id GUARDED_BY(mutex) = 0;
  bool closed GUARDED_BY(mutex) = false;
};

WorkerPool::WorkerPool(std::size_t most, std::chrono::milliseconds idle)
    : shared_(std::make_shared<Shared>(most, idle)) {}

WorkerPool::JobId WorkerPool::submit(std::function<void()> job) {
  Shared& shared = *shared_;
  const MutexLock lock(shared.mutex);
  const JobId id = ++shared.last_id;
  if (shared.closed) return id;
  shared.jobs.push_back({id, std::move(job)});
  shared.start_threads();
  shared.changed.notify_one();
  return id;
}

void WorkerPool::release(JobId id) {
  Shared& shared = *shared_;
  const MutexLock lock(shared.mutex);
  if (shared.running.erase(id) == 0) {
    std::erase_if(shared.jobs, [&](const auto& job) { return job.id == id; });
    return;
  }
  ++shared.released;
  shared.start_threads();
}

std::size_t WorkerPool::close(std::chrono::milliseconds patience) {
  Shared& shared = *shared_;
  const auto until = SteadyClock::now() + patience;
  MutexLock lock(shared.mutex);
  shared.closed = true;
  shared.jobs.clear();
  shared.changed.notify_all();
  while (shared.busy() > 0 && lock.wait_until(shared.left, until)) {
  }
  const std::size_t stuck = shared.busy();
  while (shared.threads > stuck) lock.wait(shared.left);  // the idle ones leave by themselves
  return stuck;
}

WorkerPool::Load WorkerPool::load() const {
  const MutexLock lock(shared_->mutex);
  return {shared_->running.size(), shared_->jobs.size()};
}

std::size_t WorkerPool::threads() const {
  const MutexLock lock(shared_->mutex);
  return shared_->threads;
}

/// As many as there are jobs that wait for one, and places.
void WorkerPool::Shared::start_threads() {
  while (idle < jobs.size() && threads - released < most) {
    try {
      std::thread([self = shared_from_this()] { self->work(); }).detach();
    } catch (const std::system_error&) {  // the system has no more: the jobs wait for a thread that there is
      return;
    }
    ++threads;
    ++idle;
  }
}

void WorkerPool::Shared::work() {
  MutexLock lock(mutex);
  Job job;
  while (take_job(lock, job)) {
    lock.unlock();
    job.work();
    job.work = nullptr;
    lock.lock();
    ++idle;
    if (running.erase(job.id) == 0) --released;
    left.notify_all();
    if (threads - released > most) break;  // another has taken its place
  }
  --idle;
  --threads;
  left.notify_all();
}

/// False where the thread is to end.
bool WorkerPool::Shared::take_job(MutexLock& lock, Job& job) {
  const auto until = SteadyClock::now() + idle_time;
  while (jobs.empty() && !closed && lock.wait_until(changed, until)) {
  }
  if (jobs.empty()) return false;
  job = std::move(jobs.front());
  jobs.pop_front();
  running.insert(job.id);
  --idle;
  return true;
}

}  // namespace lamplighter::engine
