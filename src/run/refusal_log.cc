#include "run/refusal_log.h"

#include <utility>

#include <fmt/format.h>

#include "base/words.h"

namespace lamplighter::run {

void RefusalLog::note(const http::Request& request, const http::Response& answer, Moment now) {
  if (answer.status != 401 && answer.status != 403) return;
  std::int64_t count = 0;
  {
    const MutexLock lock(mutex_);
    ++since_;
    if (now < next_) return;
    next_ = now + kEvery;
    count = std::exchange(since_, 0);
  }
  log_.write({.event = LogEvent::client_refused,
              .message = fmt::format("refused {} without the right signature or token{}{}",
                                     count_of(static_cast<std::size_t>(count), "request"),
                                     count == 1 ? " from " : ", the last from ", request.address),
              .count = count,
              .address = request.address});
}

}  // namespace lamplighter::run
