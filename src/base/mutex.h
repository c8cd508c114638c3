// A mutex that clang's thread-safety analysis understands, so that what it guards is said in code and checked
// (gcc ignores the words): https://clang.llvm.org/docs/ThreadSafetyAnalysis.html
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#ifdef __clang__
#define LAMPLIGHTER_ATTRIBUTE(...) __attribute__((__VA_ARGS__))
#else
#define LAMPLIGHTER_ATTRIBUTE(...)
#endif
#define CAPABILITY(name) LAMPLIGHTER_ATTRIBUTE(capability(name))
#define SCOPED_CAPABILITY LAMPLIGHTER_ATTRIBUTE(scoped_lockable)
/// Only touched while that mutex is held.
#define GUARDED_BY(mutex) LAMPLIGHTER_ATTRIBUTE(guarded_by(mutex))
#define PT_GUARDED_BY(mutex) LAMPLIGHTER_ATTRIBUTE(pt_guarded_by(mutex))
/// Only called while that mutex is held.
#define REQUIRES(...) LAMPLIGHTER_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define ACQUIRE(...) LAMPLIGHTER_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define RELEASE(...) LAMPLIGHTER_ATTRIBUTE(release_capability(__VA_ARGS__))

namespace lamplighter {

class CAPABILITY("mutex") Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

 private:
  friend class MutexLock;
  std::mutex mutex_;
};

/// Holds a mutex while it lives, apart from what unlock() and lock() say and from its waits. Waits may end
/// early: look again.
class SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ACQUIRE(mutex) : lock_(mutex.mutex_) {}
  ~MutexLock() RELEASE() {}
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

  void unlock() RELEASE() { lock_.unlock(); }
  void lock() ACQUIRE() { lock_.lock(); }

  void wait(std::condition_variable& changed) { changed.wait(lock_); }
  /// False once the time has come.
  bool wait_until(std::condition_variable& changed, std::chrono::steady_clock::time_point time) {
    return changed.wait_until(lock_, time) == std::cv_status::no_timeout;
  }

 private:
  std::unique_lock<std::mutex> lock_;
};

}  // namespace lamplighter
