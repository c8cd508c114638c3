// The executions that were running when the last process ended, and what came after each.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/runtime/engine.h"
#include "machine/shape.h"
#include "run/access.h"

namespace lamplighter::run {

struct Place;  // run/desk.h

/// The engine's code for a history that can't be read back.
inline constexpr std::string_view kDamaged = "DatabaseCorrupted";

struct Resumable {
  /// Whether the beginning of its history, and so its input, can't be read.
  [[nodiscard]] bool is_damaged() const;

  engine::Execution execution;
  std::optional<machine::Shape> shape;  ///< of its environments; nullopt for one that `start` did not make
  std::optional<Access> access;         ///< what it remembers
  /// A later execution of one of its environments; "" where there is none, and where it has reported and only
  /// waits for its alarms.
  std::string overtaken_by;
};

/// All that are running, or the one that is `wanted` by name or ARN; newest first. Error: bad_input
/// "ExecutionDoesNotExist", "NotRunning".
Result<std::vector<Resumable>> resumable(engine::Engine& engine, const Place& place,
                                         const std::string& wanted);

/// "start-20261124-060000-x7ab (dev, test)".
std::string description_of(const Resumable& one);

}  // namespace lamplighter::run
