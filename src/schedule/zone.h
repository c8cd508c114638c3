// A time zone's clock: how far it is ahead of UTC, and from when. A pure value.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "schedule/posix_rule.h"

namespace lamplighter::schedule {

class Zone {
 public:
  /// From that moment on the clock is that much ahead of UTC.
  struct Change {
    std::chrono::sys_seconds at;
    std::chrono::seconds offset{0};
    bool operator==(const Change&) const = default;
  };
  /// No clock is further from UTC.
  static constexpr std::chrono::seconds kMaxOffset = std::chrono::hours{26};

  /// UTC.
  Zone() = default;
  /// `changes` in rising order, each offset within kMaxOffset; `afterwards`: how it goes on after the last of
  /// them (without end, as the calendar repeats every 400 years); as it is then where there is no such rule.
  Zone(std::chrono::seconds first_offset, std::vector<Change> changes,
       const std::optional<PosixRule>& afterwards);

  /// What the clock shows then.
  [[nodiscard]] std::chrono::local_seconds to_local(std::chrono::sys_seconds time) const;
  /// When the clock shows that: the first time, where it shows it twice; nothing where it skips it.
  [[nodiscard]] std::optional<std::chrono::sys_seconds> to_utc(std::chrono::local_seconds local) const;

 private:
  using Changes = std::vector<Change>;
  void go_on(const PosixRule& rule);
  [[nodiscard]] std::chrono::seconds offset_before(Changes::const_iterator change) const;

  std::chrono::seconds first_offset_{0};
  Changes changes_;
  /// From here on the changes of 400 years stand in changes_, and come again and again.
  std::optional<std::chrono::sys_seconds> repeats_from_;
};

}  // namespace lamplighter::schedule
