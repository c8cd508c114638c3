// How a fleet's schedules stand.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "scheduler/timetable.h"

namespace lamplighter::scheduler {

inline constexpr std::size_t kDueShown = 1'000;

/// How one fleet file stands; path and fleet are "" for the schedules that people made.
struct Standing {
  std::string path;
  std::string fleet;
  std::size_t schedules = 0;
  std::optional<Firing> next;  ///< what is due next
  std::string timezone;        ///< of that schedule
  std::string refused;  ///< why the file, as it is, is not in force: its last good copy is; "" where it is
  std::map<std::string, Time> due = {};  ///< schedules' next occurrences: of kDueShown, the first by name
};

/// "lower-environments (fleet.yaml): 4 schedules; next: start "weekday mornings" on Fri 2026-11-27 at 06:00
/// UTC".
std::string words_of(const Standing& standing);

}  // namespace lamplighter::scheduler
