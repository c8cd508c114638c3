// Who was refused at the door, for the log: rarely enough that nobody fills a disk with it.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/log.h"
#include "base/mutex.h"
#include "http/message.h"

namespace lamplighter::run {

/// Safe to use from several threads.
class RefusalLog {
 public:
  using Moment = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kEvery{10};

  explicit RefusalLog(Log& log) : log_(log) {}
  /// Looks whether the answer lets nobody in (401, 403), and says so, unless that was said just before: then
  /// the next line counts it.
  void note(const http::Request& request, const http::Response& answer, Moment now = Moment::clock::now());

 private:
  Log& log_;
  Mutex mutex_;
  Moment next_ GUARDED_BY(mutex_){};
  std::int64_t since_ GUARDED_BY(mutex_) = 0;  ///< refused since the last line
};

}  // namespace lamplighter::run
