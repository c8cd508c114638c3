// The fleets whose schedules the daemon fires, as their files say now: for what is decided when it comes.
#pragma once

#include <map>
#include <string>

#include "base/clock.h"
#include "base/mutex.h"
#include "fleet/fleet.h"

namespace lamplighter::run {

/// Safe to use from several threads.
class FleetsInForce {
 public:
  void know(const fleet::Fleet& fleet);
  /// An execution's input. Of a keep's end of a fleet in force: with what its schedules want now, instead of
  /// what they wanted when the keep was made. Any other as it is.
  [[nodiscard]] std::string input_now(const std::string& machine_arn, const std::string& input) const;

 private:
  mutable Mutex mutex_;
  std::map<std::string, fleet::Fleet> fleets_ GUARDED_BY(mutex_);  ///< by the names of their machines
};

}  // namespace lamplighter::run
