#include "engine/runtime/worker_pool.h"

#include <algorithm>
#include <system_error>
#include <thread>
#include <utility>

namespace lamplighter::engine {

WorkerPool::WorkerPool(std::size_t most, std::chrono::milliseconds idle)
    : shared_(std::make_shared<Shared>()) {
  shared_->most = std::max<std::size_t>(most, 1);
  shared_->idle_time = idle;
}

WorkerPool::JobId WorkerPool::submit(std::function<void()> job) {
  const std::lock_guard lock(shared_->mutex);
  const JobId id = ++shared_->last_id;
  if (shared_->closed) return id;
  shared_->jobs.push_back({id, std::move(job)});
  start_threads(shared_);
  shared_->changed.notify_one();
  return id;
}

void WorkerPool::release(JobId id) {
  const std::lock_guard lock(shared_->mutex);
  if (shared_->running.erase(id) == 0) {
    std::erase_if(shared_->jobs, [&](const Job& job) { return job.id == id; });
    return;
  }
  ++shared_->released;
  start_threads(shared_);
}

std::size_t WorkerPool::close(std::chrono::milliseconds patience) {
  std::unique_lock lock(shared_->mutex);
  shared_->closed = true;
  shared_->jobs.clear();
  shared_->changed.notify_all();
  const auto busy = [this] { return shared_->threads - shared_->idle; };
  shared_->left.wait_for(lock, patience, [&] { return busy() == 0; });
  const std::size_t stuck = busy();
  shared_->left.wait(lock, [&] { return shared_->threads <= stuck; });  // the idle ones leave by themselves
  return stuck;
}

std::size_t WorkerPool::threads() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->threads;
}

/// With the mutex held. Threads are detached: what they touch is theirs too, and close() counts them.
void WorkerPool::start_threads(const std::shared_ptr<Shared>& shared) {
  while (shared->needs_thread()) {
    try {
      ++shared->threads;
      ++shared->idle;
      std::thread([shared] { work(*shared); }).detach();
    } catch (const std::system_error&) {  // the system has no more: the jobs wait for a thread that there is
      --shared->threads;
      --shared->idle;
      return;
    }
  }
}

void WorkerPool::work(Shared& shared) {
  std::unique_lock lock(shared.mutex);
  while (wait_for_job(shared, lock)) {
    --shared.idle;
    Job job = std::move(shared.jobs.front());
    shared.jobs.pop_front();
    shared.running.insert(job.id);
    lock.unlock();
    job.work();
    job.work = nullptr;
    lock.lock();
    ++shared.idle;
    if (shared.running.erase(job.id) == 0) --shared.released;
    shared.left.notify_all();
    if (shared.threads - shared.released > shared.most) break;  // another has taken its place
  }
  --shared.idle;
  --shared.threads;
  shared.left.notify_all();
}

/// False where the thread is to end.
bool WorkerPool::wait_for_job(Shared& shared, std::unique_lock<std::mutex>& lock) {
  shared.changed.wait_for(lock, shared.idle_time, [&] { return shared.closed || !shared.jobs.empty(); });
  return !shared.jobs.empty();
}

}  // namespace lamplighter::engine
