#include "base/token_bucket.h"

#include <algorithm>
#include <cmath>

namespace lamplighter {

void TokenBucket::fill(Time now) {
  const double passed = std::chrono::duration<double>(now - filled_).count();
  tokens_ = std::min(capacity_, tokens_ + std::max(passed, 0.0) * refill_);
  filled_ = std::max(filled_, now);
}

bool TokenBucket::take(double count, Time now) {
  fill(now);
  if (tokens_ < count) return false;
  tokens_ -= count;
  return true;
}

Duration TokenBucket::wait_for(double count, Time now) {
  fill(now);
  if (tokens_ >= count) return Duration::zero();
  const double lacking = 1000 * (count - tokens_) / refill_;
  return filled_ - now + Duration(static_cast<Duration::rep>(std::ceil(lacking)));
}

void TokenBucket::drain(Time now) {
  fill(now);
  tokens_ = std::min(tokens_, 0.0);
}

}  // namespace lamplighter
