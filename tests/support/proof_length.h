// How long the proofs by random runs go on: one variable for all of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace lamplighter {

/// `runs`, multiplied by LAMPLIGHTER_PROOF_LENGTH where the environment has it (0.1, 20); at least 1.
inline std::uint64_t proof_length(std::uint64_t runs) {
  const char* factor = std::getenv("LAMPLIGHTER_PROOF_LENGTH");
  const double length = static_cast<double>(runs) * (factor != nullptr ? std::strtod(factor, nullptr) : 1);
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::clamp(length, 0.0, 1e9)));
}

}  // namespace lamplighter
