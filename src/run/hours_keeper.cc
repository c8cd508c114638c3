#include "run/hours_keeper.h"

#include <fmt/format.h>

#include "run/event_feed.h"
#include "run/hours_of.h"
#include "run/past.h"

namespace lamplighter::run {
namespace {

constexpr std::size_t kAtOnce = 100;
constexpr std::chrono::seconds kAfterTrouble{60};
/// Ends that come together are counted together.
constexpr std::chrono::milliseconds kPause{250};

using Ending = std::function<bool()>;

/// Nothing for a machine of another's making, and for what can't be read: that never gets better.
Result<std::vector<hours::Seen>> seen_by_past(engine::Engine& engine, const engine::Execution& listed) {
  const std::string& machine = listed.state_machine_arn;
  if (!machine.ends_with("-start") && !machine.ends_with("-stop")) return std::vector<hours::Seen>();
  const auto seen = [&]() -> Result<std::vector<hours::Seen>> {
    const auto execution = TRY(engine.describe_execution(listed.arn));
    const auto progress = TRY(progress_of(engine, execution));
    TRY(EventFeed(engine, execution.arn, *progress).ask());
    return seen_by(execution, *progress);
  }();
  if (seen || seen.error().code == "Database") return seen;
  return std::vector<hours::Seen>();
}

Status count_until(engine::Engine& engine, const Clock& clock, const Ending& ending) {
  const auto store = TRY(hours::Store::open(hours::file_in(engine.options().state_dir)));
  std::vector<std::string> before;
  while (!ending()) {
    const auto ended = TRY(engine.unnoted(kAtOnce));
    if (ended.empty()) return {};
    std::vector<std::string> arns;
    std::vector<hours::Seen> all;
    for (const engine::Execution& one : ended) {
      auto seen = TRY(seen_by_past(engine, one));
      std::move(seen.begin(), seen.end(), std::back_inserter(all));
      arns.push_back(one.arn);
    }
    if (arns == before) return {};  // rows so damaged that they can't even be noted
    if (!all.empty()) CHECK_OK(store->add(all, clock.now()));
    CHECK_OK(engine.note(arns));
    before = std::move(arns);
  }
  return {};
}

}  // namespace

Status count_hours(engine::Engine& engine, const Clock& clock) {
  return count_until(engine, clock, [] { return false; });
}

void tell_uncounted(const Status& counted, const std::function<void(const std::string&)>& trouble) {
  if (!counted && trouble) trouble(fmt::format("hours can't be counted: {}", counted.error().message));
}

HoursKeeper::HoursKeeper(engine::Engine& engine, const Clock& clock,
                         std::function<void(const std::string&)> trouble)
    : engine_(engine), clock_(clock), trouble_(std::move(trouble)) {
  subscription_ = engine.subscribe([this](const engine::Appended& appended) {
    for (const engine::Event& event : appended.events) {
      if (engine::kind_of(event.type) != engine::EventKind::execution_ended) continue;
      const MutexLock lock(mutex_);
      any_end_ = true;
      changed_.notify_all();
    }
  });
  thread_ = std::thread([this] { run(); });
}

HoursKeeper::~HoursKeeper() {
  subscription_ = engine::Subscription();
  {
    const MutexLock lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool HoursKeeper::is_stopped() {
  const MutexLock lock(mutex_);
  return stopped_;
}

void HoursKeeper::run() {
  std::string told;
  MutexLock lock(mutex_);
  while (!stopped_) {
    if (!any_end_) {
      lock.wait(changed_);
      continue;
    }
    any_end_ = false;
    lock.unlock();
    const Status counted = count_until(engine_, clock_, [this] { return is_stopped(); });
    if (!counted && told != counted.error().message) tell_uncounted(counted, trouble_);
    told = counted ? "" : counted.error().message;
    lock.lock();
    if (!counted) any_end_ = true;
    const auto until = std::chrono::steady_clock::now() + (counted ? kPause : kAfterTrouble);
    while (!stopped_ && lock.wait_until(changed_, until)) {
    }
  }
}

}  // namespace lamplighter::run
