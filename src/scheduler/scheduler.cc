#include "scheduler/scheduler.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

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

/// A start asks AWS, which may be slow.
Surroundings with_waiting(Surroundings surroundings, const std::shared_ptr<Heartbeat>& heart) {
  surroundings.start = [heart, start = std::move(surroundings.start)](const fleet::Fleet& fleet,
                                                                      const Firing& firing) {
    const Heartbeat::Waiting waiting(*heart);
    return start(fleet, firing);
  };
  return surroundings;
}

}  // namespace

Result<std::unique_ptr<Scheduler>> Scheduler::open(const std::vector<std::string>& files,
                                                   const Surroundings& surroundings) {
  std::unique_ptr<Scheduler> scheduler(new Scheduler(surroundings.clock));
  for (const std::string& file : files) {
    const auto heart = std::make_shared<Heartbeat>();
    auto fleet = TRY(FleetScheduler::open(file, with_waiting(surroundings, heart)));
    const Standing standing = fleet->standing();
    for (const Standing& other : scheduler->standing()) {
      if (other.fleet != standing.fleet) continue;
      return fail(ErrorKind::bad_input, "SameFleet",
                  fmt::format("found the fleet {} in {} and in {}, expected a name of its own in each file",
                              standing.fleet, other.path, standing.path));
    }
    scheduler->enter(std::move(fleet), heart);
  }
  for (const auto& entry : scheduler->entries_) {
    CHECK_OK(entry->source->begin());
    scheduler->publish(*entry);
  }
  std::map<std::string, std::string> served;
  for (const Standing& one : scheduler->standing())
    served[one.fleet] = served[one.fleet + kWarnings] = key_of(one.path);
  CHECK_OK(surroundings.store.serve(served, surroundings.clock.now()));
  return scheduler;
}

Status Scheduler::add(std::unique_ptr<Source> source) {
  CHECK_OK(source->begin());
  enter(std::move(source), std::make_shared<Heartbeat>());
  return {};
}

void Scheduler::enter(std::unique_ptr<Source> source, std::shared_ptr<Heartbeat> heart) {
  auto entry = std::make_unique<Entry>(Entry{std::move(source), std::move(heart)});
  entry->standing = entry->source->standing();
  const MutexLock lock(mutex_);
  entries_.push_back(std::move(entry));
}

std::vector<Standing> Scheduler::standing() const {
  std::vector<Standing> all;
  const MutexLock lock(mutex_);
  for (const auto& entry : entries_) all.push_back(entry->standing);
  return all;
}

std::vector<std::string> Scheduler::hanging_since(Heartbeat::Moment moment) const {
  std::vector<std::string> hanging;
  const MutexLock lock(mutex_);
  for (const auto& entry : entries_) {
    if (entry->heart->has_beaten_since(moment)) continue;
    const std::string& fleet = entry->standing.fleet;
    hanging.push_back(fleet.empty() ? "the API's schedules" : "the schedules of " + fleet);
  }
  return hanging;
}

void Scheduler::start() {
  const MutexLock lock(mutex_);
  busy_ = entries_.size();
  for (const auto& entry : entries_) {
    threads_.emplace_back([this, &entry = *entry] {
      run(entry);
      const MutexLock ended(mutex_);
      --busy_;
      changed_.notify_all();
    });
  }
}

std::size_t Scheduler::stop(std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  {
    MutexLock lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
    while (busy_ > 0 && lock.wait_until(changed_, until)) {
    }
    if (busy_ > 0) return busy_;
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  return 0;
}

void Scheduler::run(Entry& entry) {
  auto next_look = std::chrono::steady_clock::now() + kLook;
  const auto ending = [this] {
    const MutexLock lock(mutex_);
    return stopped_;
  };
  std::optional<Time> told;
  while (true) {
    entry.heart->beat();
    const auto wake = entry.source->turn(ending);
    if (wake != std::exchange(told, wake)) publish(entry);
    if (!wait(wake, next_look)) return;
    if (std::chrono::steady_clock::now() < next_look) continue;
    entry.source->look();
    publish(entry);
    next_look = std::chrono::steady_clock::now() + kLook;
  }
}

/// For those who ask from other threads while this one may be busy for long.
void Scheduler::publish(Entry& entry) {
  Standing standing = entry.source->standing();
  const MutexLock lock(mutex_);
  entry.standing = std::move(standing);
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
