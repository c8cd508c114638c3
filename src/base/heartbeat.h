// Whether a thread that goes round and round still does, for whoever watches over the process.
#pragma once

#include <atomic>
#include <chrono>

namespace lamplighter {

/// For one thread that beats; safe to ask from others.
class Heartbeat {
 public:
  using Moment = std::chrono::steady_clock::time_point;
  /// Who waits for somebody outside longer than that, hangs: each attempt at a call has a timeout, and a
  /// large fleet makes many.
  static constexpr std::chrono::hours kLongestWait{2};

  /// Once a round.
  void beat() { last_ = Moment::clock::now(); }

  /// While it lives, the thread waits for somebody outside of the process, who may be slow: that is no
  /// hanging, but for kLongestWait.
  class Waiting {
   public:
    explicit Waiting(Heartbeat& heart) : heart_(heart) { heart_.waits_since_ = Moment::clock::now(); }
    ~Waiting() {
      heart_.waits_since_ = Moment();
      heart_.beat();
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

   private:
    Heartbeat& heart_;
  };

  [[nodiscard]] bool has_beaten_since(Moment moment) const {
    return has_beaten_since(moment, Moment::clock::now());
  }
  /// As of `now`.
  [[nodiscard]] bool has_beaten_since(Moment moment, Moment now) const {
    const Moment waits_since = waits_since_;
    if (waits_since != Moment() && now - waits_since < kLongestWait) return true;
    return last_.load() >= moment;
  }

 private:
  std::atomic<Moment> last_{Moment::clock::now()};
  std::atomic<Moment> waits_since_{Moment()};  ///< the clock's epoch: it doesn't
};

}  // namespace lamplighter
