#include "tasks/protocol/payload_budget.h"

#include <algorithm>

#include "base/limits.h"

namespace lamplighter::tasks {
namespace {

// What a payload holds beside environments and results, generously; and what an ended phase's answer
// takes without any server or reason.
constexpr std::size_t kOther = 22'144;
constexpr std::size_t kBarePhase = 400;
constexpr std::size_t kMostPhaseRoom = 25'000;

/// Beside the bare answers of the phases.
std::size_t shared_room(std::size_t described_bytes, std::size_t phases) {
  const std::size_t taken = kOther + described_bytes + phases * kBarePhase;
  return limits::kPayloadBytes - std::min(taken, limits::kPayloadBytes);
}

}  // namespace

std::size_t members_room(std::size_t described_bytes, std::size_t phases) {
  return shared_room(described_bytes, phases) * 3 / 5;
}

std::size_t phase_room(std::size_t described_bytes, std::size_t phases) {
  const std::size_t share = shared_room(described_bytes, phases) * 2 / 5 / std::max<std::size_t>(1, phases);
  return std::min(kMostPhaseRoom, kBarePhase + share);
}

}  // namespace lamplighter::tasks
