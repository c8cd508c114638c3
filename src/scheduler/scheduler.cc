#include "scheduler/scheduler.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace lamplighter::scheduler {
namespace {

/// However far the next occurrence is: clocks are set, machines sleep, files change. A look costs
/// microseconds.
constexpr std::chrono::milliseconds kLook{1'000};

/// How long the clock takes until then, in real time.
std::chrono::milliseconds real_time_until(const Clock& clock, Time time) {
  const auto* system = dynamic_cast<const SystemClock*>(&clock);
  const double speed = system != nullptr ? system->speed() : 1.0;
  const double wait = std::ceil(static_cast<double>((time - clock.now()).count()) / speed);
  return std::chrono::milliseconds{static_cast<std::int64_t>(std::clamp(wait, 1.0, 1e6))};
}

}  // namespace

Result<std::unique_ptr<Scheduler>> Scheduler::open(const std::vector<std::string>& files,
                                                   const Surroundings& surroundings) {
  std::unique_ptr<Scheduler> scheduler(new Scheduler(surroundings.clock));
  for (const std::string& file : files) {
    auto fleet = TRY(FleetScheduler::open(file, surroundings));
    const Standing standing = fleet->standing();
    for (const Standing& other : scheduler->standing()) {
      if (other.fleet != standing.fleet) continue;
      return fail(ErrorKind::bad_input, "SameFleet",
                  fmt::format("found the fleet {} in {} and in {}, expected a name of its own in each file",
                              standing.fleet, other.path, standing.path));
    }
    scheduler->fleets_.push_back(fleet.get());
    scheduler->sources_.push_back(std::move(fleet));
  }
  for (const auto& source : scheduler->sources_) CHECK_OK(source->begin());
  return scheduler;
}

Status Scheduler::add(std::unique_ptr<Source> source) {
  CHECK_OK(source->begin());
  sources_.push_back(std::move(source));
  return {};
}

std::vector<Standing> Scheduler::standing() const {
  std::vector<Standing> all;
  for (const FleetScheduler* fleet : fleets_) all.push_back(fleet->standing());
  return all;
}

void Scheduler::start() {
  for (const auto& source : sources_) threads_.emplace_back([this, &source = *source] { run(source); });
}

void Scheduler::stop() {
  {
    const MutexLock lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Scheduler::run(Source& source) {
  auto next_look = std::chrono::steady_clock::now() + kLook;
  const auto ending = [this] {
    const MutexLock lock(mutex_);
    return stopped_;
  };
  while (wait(source.turn(ending), next_look)) {
    if (std::chrono::steady_clock::now() < next_look) continue;
    source.look();
    next_look = std::chrono::steady_clock::now() + kLook;
  }
}

/// Until the clock shows `until`, but at most until `end`. False once it is all to end.
bool Scheduler::wait(std::optional<Time> until, std::chrono::steady_clock::time_point end) {
  if (until) end = std::min(end, std::chrono::steady_clock::now() + real_time_until(clock_, *until));
  MutexLock lock(mutex_);
  while (!stopped_ && lock.wait_until(changed_, end)) {
  }
  return !stopped_;
}

}  // namespace lamplighter::scheduler
