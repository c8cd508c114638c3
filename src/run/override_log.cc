#include "run/override_log.h"

#include <algorithm>

#include <fmt/format.h>

#include "tasks/admission/overrides.h"

namespace lamplighter::run {
namespace {

using Kind = tasks::Coordination::Kind;
using tasks::Override;

constexpr std::chrono::seconds kPause{1};
constexpr std::chrono::seconds kPauseOnAws{60};  // some 40,000 reads a month

const Override* find(const std::vector<Override>& all, std::uint64_t id) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Override& one) { return one.id == id; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

void OverrideLog::stop() {
  {
    const MutexLock lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void OverrideLog::know(const fleet::Fleet& fleet) {
  const MutexLock lock(mutex_);
  Watched& watched = fleets_[fleet.name];
  if (watched.coordination == fleet.coordination) return;
  watched = {fleet.coordination, std::nullopt};
}

void OverrideLog::start() {
  for (const std::string& fleet : due(Kind::engine)) look(fleet);
  thread_ = std::thread([this] { run(); });
}

void OverrideLog::run() {
  while (true) {
    for (const auto kind : {Kind::engine, Kind::table}) {
      for (const std::string& fleet : due(kind)) look(fleet);
    }
    MutexLock lock(mutex_);
    if (!stopped_) lock.wait_until(changed_, std::chrono::steady_clock::now() + kPause);
    if (stopped_) return;
  }
}

std::vector<std::string> OverrideLog::due(Kind kind) {
  const auto now = std::chrono::steady_clock::now();
  std::vector<std::string> names;
  const MutexLock lock(mutex_);
  for (auto& [name, watched] : fleets_) {
    if (watched.coordination.kind != kind || now < watched.next) continue;
    watched.next = kind == Kind::table ? now + kPauseOnAws : now;
    names.push_back(name);
  }
  return names;
}

void OverrideLog::look(const std::string& fleet) {
  tasks::Coordination coordination;
  {
    const MutexLock lock(mutex_);
    coordination = fleets_[fleet].coordination;
  }
  const auto table = table_of_(coordination);
  if (!table) return;
  auto read = tasks::Overrides(*table, fleet).read();
  if (!read) return;
  const Time now = clock_.now();
  std::erase_if(*read, [&](const Override& one) { return !is_in_force(one, now); });
  std::optional<std::vector<Override>> before;
  {
    const MutexLock lock(mutex_);
    Watched& watched = fleets_[fleet];
    if (!(watched.coordination == coordination)) return;  // another file is in force meanwhile
    before = std::exchange(watched.in_force, *read);
  }
  if (before) tell_change(fleet, *before, *read, now);
}

void OverrideLog::tell_change(const std::string& fleet, const std::vector<Override>& before,
                              const std::vector<Override>& after, Time now) {
  for (const Override& one : before) {
    if (find(after, one.id) == nullptr)
      tell(LogEvent::override_ended, fleet, one, is_in_force(one, now) ? ": ended by hand" : ": has ended");
  }
  for (const Override& one : after) {
    const Override* known = find(before, one.id);
    if (known == nullptr) tell(LogEvent::override_made, fleet, one, "");
    if (known != nullptr && !(*known == one)) tell(LogEvent::override_changed, fleet, one, ": changed");
  }
}

void OverrideLog::tell(LogEvent event, const std::string& fleet, const Override& one, std::string_view how) {
  const Time now = clock_.now();
  log_.write({.event = event,
              .message = fmt::format("{}: {}: {}{}", fleet, about(one, now), words_of(one, now), how),
              .fleet = fleet,
              .environment = one.environments.size() == 1 ? one.environments.front() : ""});
}

}  // namespace lamplighter::run
