// A token bucket, as AWS meters its APIs.
#pragma once

#include "base/clock.h"

namespace lamplighter {

/// Fills with `refill` tokens a second up to `capacity`; begins full. It may owe tokens that were booked
/// ahead. Time that goes back is taken for standing still. For one thread at a time.
class TokenBucket {
 public:
  TokenBucket(double capacity, double refill) : capacity_(capacity), refill_(refill), tokens_(capacity) {}
  /// Takes `count` tokens, or none where there are not so many.
  bool take(double count, Time now);
  /// How long after `now` it has `count` tokens.
  [[nodiscard]] Duration wait_for(double count, Time now);
  /// Takes `count` tokens, also those that will only come.
  void book(double count) { tokens_ -= count; }
  /// Takes all: whoever is refused although tokens were left is not alone.
  void drain(Time now);

 private:
  void fill(Time now);

  double capacity_;
  double refill_;
  double tokens_;
  Time filled_{};
};

}  // namespace lamplighter
