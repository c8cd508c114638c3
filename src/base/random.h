// Seeded random numbers that are the same on every platform and compiler.
#pragma once

#include <cstdint>
#include <string_view>

namespace lamplighter {

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014). Not for
/// secrets. Not thread safe; one a user, split by `fork`.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();
  /// In [0, 1).
  double uniform();
  /// In [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// In [0, bound); bound must be positive.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  bool chance(double probability) { return uniform() < probability; }
  /// An independent generator for the part called `label`, so that what one part draws never shifts
  /// another's.
  [[nodiscard]] Random fork(std::string_view label) const;

 private:
  std::uint64_t state_;
};

}  // namespace lamplighter
