#include "engine/runtime/driver.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace lamplighter::engine {
namespace {

/// One commit serves at most so many requests and timers, so that none waits long for its answer.
constexpr std::size_t kMaxPerCommit = 2'000;
/// The wall clock may be set, and the machine may sleep, while the driver waits for a timer.
constexpr std::chrono::milliseconds kLookAtClock{1'000};
constexpr std::chrono::minutes kPruneEvery{10};
/// Between two steps, so that most of the time is others'.
constexpr std::chrono::milliseconds kPrunePause{200};
constexpr std::size_t kPruneAfterEnds = 1'000;
/// One commit writes about so many bytes of payloads: they are in memory until then.
constexpr std::size_t kBytesPerCommit = std::size_t{16} << 20;
/// After a failed commit (a full disk) the executions concerned are tried again so much later, and after each
/// further one twice as late.
constexpr Duration kFirstBackoff{1'000};
constexpr Duration kPruneLater{8'000};  // than planned, where nothing can be written

std::int64_t milliseconds(Time time) { return time.time_since_epoch().count(); }

}  // namespace

Driver::Driver(const Options& options, Clock& clock, TaskRunner& runner, std::unique_ptr<Store> store,
               Duration skew)
    : options_(options),
      clock_(clock),
      timeline_(std::make_shared<Timeline>(clock, skew)),
      store_(std::move(store)),
      images_(*store_, options.region),
      tasks_(options.workers, runner, timeline_,
             [this, inbox = inbox_](const auto& ended) { inbox->post([this, ended] { finish(ended); }); }),
      computing_(kComputing),
      reading_(1),
      thread_([this] { loop(); }) {}

std::size_t Driver::close() {
  if (!thread_.joinable()) return 0;
  const auto until = std::chrono::steady_clock::now() + options_.patience;
  const auto rest = [&] {
    return std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  };
  std::size_t left = tasks_.close(options_.patience);
  for (auto* pool : {&computing_, &reading_})
    left += pool->close(std::max(rest(), std::chrono::milliseconds::zero()));
  inbox_->close();
  thread_.join();
  return left;
}

void Driver::Inbox::post(Request request) {
  {
    const MutexLock lock(mutex);
    requests.push_back(std::move(request));
  }
  changed.notify_one();
}

void Driver::Inbox::put_back(std::vector<Request>::iterator begin, std::vector<Request>::iterator end) {
  const MutexLock lock(mutex);
  requests.insert(requests.begin(), std::make_move_iterator(begin), std::make_move_iterator(end));
}

void Driver::Inbox::close() {
  {
    const MutexLock lock(mutex);
    closing = true;
  }
  changed.notify_all();
}

void Driver::loop() {
  std::vector<Request> requests;
  while (wait_for_work(requests)) cycle(std::exchange(requests, {}));
}

/// Waits until there is something to do; false once the driver is closing and all requests are served.
bool Driver::wait_for_work(std::vector<Request>& requests) {
  Inbox& inbox = *inbox_;
  MutexLock lock(inbox.mutex);
  while (inbox.requests.empty() && !inbox.closing) {
    const Now now = timeline_->now();
    if (has_work(now)) break;
    if (const auto wait = longest_wait(now)) {
      lock.wait_until(inbox.changed, std::chrono::steady_clock::now() + *wait);
    } else {
      lock.wait(inbox.changed);
    }
  }
  if (inbox.closing && inbox.requests.empty()) return false;
  const auto begin = inbox.requests.begin();
  const auto end = begin + static_cast<std::ptrdiff_t>(std::min(inbox.requests.size(), kMaxPerCommit));
  requests.assign(std::make_move_iterator(begin), std::make_move_iterator(end));
  inbox.requests.erase(begin, end);
  return true;
}

/// Whether there is something to do besides the requests.
bool Driver::has_work(const Now& now) {
  if (timeline_->was_set(now) || may_tell() || is_prune_due(now)) return true;
  if (const auto over = disk_.over_at(); over && now.steady >= *over) return true;
  const auto due = images_.next_due();
  return may_lend() && (!runnable_.empty() || (due != 0 && due <= milliseconds(now.steady)));
}

/// In real time; nullopt: until a request comes.
std::optional<std::chrono::milliseconds> Driver::longest_wait(const Now& now) {
  const auto until = [&](std::int64_t due) {
    const auto* system = dynamic_cast<const SystemClock*>(&clock_);
    const double speed = system ? system->speed() : 1.0;
    const double wait = std::ceil(static_cast<double>(due - milliseconds(now.steady)) / speed);
    return std::chrono::milliseconds{static_cast<std::int64_t>(std::clamp(wait, 1.0, 1e6))};
  };
  std::optional<std::chrono::milliseconds> wait;
  const auto at_most = [&](std::chrono::milliseconds most) { wait = wait ? std::min(*wait, most) : most; };
  if (next_prune_) at_most(until(milliseconds(*next_prune_)));
  if (const auto over = disk_.over_at()) at_most(until(milliseconds(*over)));
  if (tasks_.any_untold()) at_most(kTellAfter);
  if (const auto due = may_lend() ? images_.next_due() : 0; due != 0)
    at_most(std::min(kLookAtClock, until(due)));
  return wait;
}

/// Append, commit, then act.
void Driver::cycle(std::vector<Request> requests) {
  now_ = timeline_->now();
  round_ = store_->begin();
  notice_clock();
  serve(requests);
  tell_beginnings();
  carry_on();
  fire_timers();
  if (round_) round_ = store_->commit();
  if (round_) {
    skew_saved_ = true;
    note_recovery();
  } else {
    recover();
  }
  act();
  for (auto& answer : std::exchange(answers_, {})) answer(round_);
  images_.shrink();
  prune();
  running_ = images_.count();
}

/// What a round does is in memory until its commit.
bool Driver::has_room() const { return pending_.size() < kMaxPerCommit && pending_bytes_ < kBytesPerCommit; }

void Driver::serve(std::vector<Request>& requests) {
  auto next = requests.begin();
  for (; next != requests.end() && has_room(); ++next) (*next)();
  inbox_->put_back(next, requests.end());
}

/// Durations are not concerned; each wait for a moment has to be looked at.
void Driver::notice_clock() {
  if (timeline_->was_set(now_)) {
    timeline_->notice(now_);
    skew_saved_ = false;
    images_.look_again();
  }
  if (skew_saved_) return;
  if (auto saved = store_->put_skew(now_.skew()); !saved && round_) round_ = std::move(saved);
}

void Driver::carry_on() {
  auto runnable = std::exchange(runnable_, {});
  for (const auto id : runnable) {
    if (!may_lend() || !has_room()) {
      runnable_.push_back(id);
    } else if (images_.knows(id)) {
      use(id, [](ExecutionCore& core, const Now& now) { return core.proceed(now); });
    }
  }
}

void Driver::fire_timers() {
  for (std::size_t fired = 0; fired < kMaxPerCommit && may_lend() && has_room(); ++fired) {
    const auto id = images_.take_due(milliseconds(now_.steady));
    if (!id) return;
    use(*id, [](ExecutionCore& core, const Now& now) { return core.pass_time(now); });
  }
}

/// Appends a step to the history, and notes what is to follow its commit.
void Driver::take(std::int64_t id, Image& image, Step step) {
  const auto next = image.core.next_due(now_);
  const std::int64_t due = next ? std::max<std::int64_t>(milliseconds(*next), 1) : 0;
  if (auto appended = append(id, image, step, due); !appended && round_) round_ = std::move(appended);
  if (step.more) runnable_.push_back(id);
  images_.set_due(id, due);
  images_.weigh(image);
  pending_bytes_ += step.bytes;
  pending_.push_back({id, image.core.identity().arn, std::move(step), image.core.outcome().has_value()});
}

Status Driver::append(std::int64_t id, Image& image, const Step& step, std::int64_t due) {
  const auto& core = image.core;
  if (step.events.empty()) return {};
  const bool busy = core.is_ready() || core.has_tasks();
  CHECK_OK(
      store_->append({id, image.chunks++, core.last_event_id(), busy ? 0 : due, write_records(step.events)}));
  if (!core.outcome()) return {};
  return store_->end_execution(id, status_of(*core.outcome()), core.outcome()->time);
}

/// What can't be read for now is tried again, with the whole round. An execution whose history is damaged
/// ends, and no other with it.
void Driver::give_up(std::int64_t id, const Error& why) {
  if (why.code != kDamaged) {
    if (round_) round_ = tl::unexpected(why);
    return begin_again(id);
  }
  const auto row = store_->execution(id);
  if (!row) return images_.forget(id);
  const auto cause = fmt::format("This execution can't go on: {}", why.message);
  report(fmt::format("{}: {}", row->arn, cause));
  Step step;
  if (auto event = store_->fail_execution(id, cause, now_.wall)) step.events.push_back(*std::move(event));
  pending_.push_back({id, row->arn, std::move(step), true});
}

/// Nothing of this round is on disk: its executions begin again from their histories, a little later.
void Driver::recover() {
  store_->rollback();
  report(disk_.failed(now_.steady, round_.error().message));
  tried_disk_ = false;
  pending_bytes_ = 0;
  for (const auto id : std::exchange(runnable_, {})) {
    if (images_.knows(id)) images_.set_due(id, milliseconds(now_.steady + disk_.backoff()));
  }
  for (const auto& pending : std::exchange(pending_, {})) {
    const auto row = store_->execution(pending.arn);
    if (row && !*row) {
      images_.forget(pending.id);
    } else {
      begin_again(pending.id);
    }
  }
  cancel_loans();
}

void Driver::note_recovery() {
  if (std::exchange(tried_disk_, false) || !pending_.empty()) disk_.wrote();
  const auto words = disk_.calmed(now_.steady);
  if (!words.empty() && options_.well_again) options_.well_again(words);
}

/// Says what the operator must know, if anything.
void Driver::report(const std::string& trouble) const {
  if (!trouble.empty() && options_.trouble) options_.trouble(trouble);
}

void Driver::begin_again(std::int64_t id) {
  auto& record = images_.record(id);
  images_.drop_image(record);
  record.tasks_handed_out = false;
  images_.set_due(id, milliseconds(now_.steady + std::max(disk_.backoff(), kFirstBackoff)));
}

void Driver::act() {
  auto pending = std::exchange(pending_, {});
  pending_bytes_ = 0;
  bool any_end = false;
  for (auto& each : pending) {
    tell(each);
    for (auto& task : each.step.tasks) tasks_.run(each.id, std::move(task));
  }
  for (const auto& each : pending) {
    if (!images_.knows(each.id)) continue;  // its end was another step of this round
    if (const auto& image = images_.record(each.id).image) tasks_.release(each.id, image->core);
    if (!each.ended) continue;
    images_.forget(each.id);
    ++ended_since_prune_;
    any_end = true;
  }
  for (auto& loan : std::exchange(loans_, {})) hand_over(std::move(loan));
  if (!any_end) return;
  {
    const MutexLock lock(ends_mutex_);
    ++ends_;
  }
  ends_changed_.notify_all();
}

void Driver::tell(Pending& pending) {
  const MutexLock lock(observers_->mutex);
  auto& list = observers_->list;
  auto& events = pending.step.events;
  std::erase_if(events, [](const Event& event) { return event.is_note(); });
  if (list.empty() || events.empty()) return;
  list.remove_if([](const auto& observer) { return observer.expired(); });
  for (const auto& weak : list) {
    if (const auto observer = weak.lock()) (*observer)({pending.arn, events});
  }
}

bool Driver::is_prune_due(const Now& now) const {
  return next_prune_ && (now.steady >= *next_prune_ || ended_since_prune_ >= kPruneAfterEnds);
}

/// A step at a time, each in a transaction of its own: that old executions can't be removed is no reason for
/// new ones to fail, or to wait.
void Driver::prune() {
  if (!next_prune_) next_prune_ = now_.steady;
  if (!is_prune_due(now_)) return;
  if (!round_) {
    next_prune_ = now_.steady + kPruneLater;
    return;
  }
  const auto step = [&]() -> Result<bool> {
    CHECK_OK(store_->begin());
    const auto pruned = TRY(store_->prune(*options_.retention, now_.wall));
    const bool more = pruned.more || TRY(store_->tidy());
    CHECK_OK(store_->commit());
    return more;
  };
  const auto more = step();
  if (!more) {
    store_->rollback();
    report(fmt::format("old executions can't be removed: {}", more.error().message));
  }
  next_prune_ = now_.steady + (more && *more ? Duration{kPrunePause} : Duration{kPruneEvery});
  ended_since_prune_ = 0;
}

Status Driver::start(const ExecutionRow& row, const Payload& input) {
  Image* image = TRY(images_.create(row));
  images_.record(row.id).tasks_handed_out = true;
  take(row.id, *image, image->core.start(input, now_));
  return {};
}

Status Driver::stop(std::int64_t id, const Failure& failure) {
  const auto image = images_.load(id);
  if (!image) {
    give_up(id, image.error());
    return round_;
  }
  take(id, **image, (*image)->core.stop(failure, now_));
  return {};
}

void Driver::resume(const RunningRow& row) {
  if (images_.knows(row.id)) return;
  images_.record(row.id);
  images_.set_due(row.id, std::max<std::int64_t>(row.due, 1));
}

Status Driver::resume_now(const RunningRow& row) {
  if (images_.knows(row.id) && images_.record(row.id).tasks_handed_out) return {};
  if (const auto image = images_.load(row.id); !image) {
    give_up(row.id, image.error());
    return tl::unexpected(image.error());
  }
  images_.set_due(row.id, 1);
  return {};
}

void Driver::ping(bool write, std::function<void(const Status&)> answer) {
  inbox_->post([this, write, answer = std::move(answer)] {
    if (write) {
      tried_disk_ = true;
      if (auto written = store_->put_skew(now_.skew()); !written && round_) round_ = std::move(written);
    }
    answers_.push_back(answer);
  });
}

Load Driver::load() const {
  const WorkerPool::Load tasks = tasks_.load();
  return {running_, tasks.active, tasks.waiting};
}

Subscription Driver::subscribe(Observer observer) {
  auto shared = std::make_shared<Observer>(std::move(observer));
  const MutexLock lock(observers_->mutex);
  observers_->list.push_back(shared);
  return Subscription(std::shared_ptr<void>(shared.get(), [observers = observers_, shared](void*) mutable {
    const MutexLock held(observers->mutex);  // not while it is being called
    shared.reset();
  }));
}

std::uint64_t Driver::ends() const {
  const MutexLock lock(ends_mutex_);
  return ends_;
}

void Driver::wait_for_ends(std::uint64_t seen, std::chrono::steady_clock::time_point until) {
  MutexLock lock(ends_mutex_);
  while (ends_ == seen && lock.wait_until(ends_changed_, until)) {
  }
}

}  // namespace lamplighter::engine
