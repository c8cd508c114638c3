#include "run/pulse.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace lamplighter::run {
namespace {

using Clock = std::chrono::steady_clock;

/// How often it is looked for a round that is late.
constexpr std::chrono::milliseconds kLookAgain{20};

}  // namespace

Pulse::Options Pulse::options_for(const ServiceManager& manager) {
  Options options;
  const auto half = std::chrono::duration_cast<std::chrono::milliseconds>(manager.watchdog() / 2);
  if (half.count() > 0) options.every = std::min(options.every, half);
  return options;
}

Pulse::Pulse(engine::Engine& engine, HangingSince scheduler, Options options, Log& log,
             std::function<void()> alive)
    : engine_(engine),
      scheduler_(std::move(scheduler)),
      options_(options),
      log_(log),
      alive_(std::move(alive)),
      thread_([this] { run(); }) {}

void Pulse::stop() {
  {
    const MutexLock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::vector<std::string> Pulse::hanging() const {
  const MutexLock lock(mutex_);
  return hanging_;
}

void Pulse::run() {
  auto last = Clock::now();
  while (true) {
    ping();
    const auto now = Clock::now();
    auto hanging = look(std::min(last, now - options_.patience));
    if (hanging.empty()) alive_();
    note(std::move(hanging));
    last = now;
    if (!wait_until(now + options_.every)) return;
  }
}

/// False where it is to end.
bool Pulse::wait_until(Heartbeat::Moment moment) {
  MutexLock lock(mutex_);
  while (!ending_ && lock.wait_until(changed_, moment)) {
  }
  return !ending_;
}

void Pulse::ping() {
  engine_.ping(false, [heart = engine_heart_](const Status&) { heart->beat(); });
}

std::vector<std::string> Pulse::hanging_since(Heartbeat::Moment moment) const {
  auto hanging = scheduler_(moment);
  if (!engine_heart_->has_beaten_since(moment)) hanging.insert(hanging.begin(), "the engine");
  return hanging;
}

/// After a machine's sleep, or a SIGCONT, this thread may be the first of all: the others get a little time.
std::vector<std::string> Pulse::look(Heartbeat::Moment since) {
  const auto until = Clock::now() + options_.every / 2;
  while (true) {
    auto hanging = hanging_since(since);
    if (hanging.empty() || Clock::now() >= until) return hanging;
    if (!wait_until(Clock::now() + kLookAgain)) return {};
  }
}

void Pulse::note(std::vector<std::string> hanging) {
  for (const std::string& thread : hanging) {
    const auto known = this->hanging();
    if (std::find(known.begin(), known.end(), thread) != known.end()) continue;
    log_.write({LogEvent::thread_hangs, fmt::format("{}: this thread does not go on", thread)});
  }
  const MutexLock lock(mutex_);
  hanging_ = std::move(hanging);
}

}  // namespace lamplighter::run
