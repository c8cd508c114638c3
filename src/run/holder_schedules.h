// What the daemon's socket tells of schedules: EventBridge Scheduler's API, and what was missed. Nothing is
// signed there: the kernel says who asks.
#pragma once

#include <optional>

#include "api/scheduler/scheduler_api.h"
#include "base/clock.h"
#include "http/message.h"
#include "scheduler/store.h"

namespace lamplighter::run {

/// Safe to use from several threads. Keeps references to the book, the store and the clock.
class HolderSchedules {
 public:
  HolderSchedules(api::Book& book, scheduler::Store& store, const Clock& clock,
                  api::SchedulerApi::CheckTarget check_target)
      : store_(store), door_(std::nullopt, clock), api_(book, door_, clock, std::move(check_target)) {}
  HolderSchedules(const HolderSchedules&) = delete;
  HolderSchedules& operator=(const HolderSchedules&) = delete;

  /// nullopt for a request that is for somebody else.
  [[nodiscard]] std::optional<http::Response> answer(const http::Request& request) const;

 private:
  [[nodiscard]] http::Response missed() const;

  scheduler::Store& store_;
  const api::Door door_;
  const api::SchedulerApi api_;
};

}  // namespace lamplighter::run
