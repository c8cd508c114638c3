#include "engine/runtime/driver.h"

#include <algorithm>

#include <fmt/format.h>

namespace lamplighter::engine {
namespace {

/// One commit serves at most so many requests and timers, so that none waits long for its answer.
constexpr std::size_t kMaxPerCommit = 2'000;
constexpr std::chrono::minutes kPruneEvery{10};
constexpr std::size_t kPruneAfterEnds = 1'000;
/// After a failed commit (a full disk) the executions concerned are tried again after so long.
constexpr std::int64_t kRetryCommitMilliseconds = 1'000;

std::int64_t milliseconds(Time time) { return time.time_since_epoch().count(); }

}  // namespace

Driver::Driver(const Options& options, Clock& clock, TaskRunner& runner, std::unique_ptr<Store> store)
    : options_(options),
      clock_(clock),
      runner_(runner),
      store_(std::move(store)),
      images_(*store_, options.region),
      pool_(options.workers),
      thread_([this] { loop(); }) {}

/// Tasks that run may end; what they gave is still taken in.
Driver::~Driver() {
  pool_.close();
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  inbox_changed_.notify_all();
  thread_.join();
}

void Driver::post(Request request) {
  {
    const std::lock_guard lock(mutex_);
    inbox_.push_back(std::move(request));
  }
  inbox_changed_.notify_one();
}

void Driver::loop() {
  std::vector<Request> requests;
  while (wait_for_work(requests)) cycle(std::exchange(requests, {}));
}

/// Waits until there is something to do; false once the driver is closing and all requests are served.
bool Driver::wait_for_work(std::vector<Request>& requests) {
  std::unique_lock lock(mutex_);
  while (inbox_.empty() && runnable_.empty() && !closing_) {
    const auto due = images_.next_due();
    if (due == 0) {
      inbox_changed_.wait(lock);
    } else if (due <= milliseconds(clock_.now())) {
      break;
    } else {
      inbox_changed_.wait_until(lock, real_time(due));
    }
  }
  if (closing_ && inbox_.empty()) return false;
  const std::size_t count = std::min(inbox_.size(), kMaxPerCommit);
  requests.assign(std::make_move_iterator(inbox_.begin()),
                  std::make_move_iterator(inbox_.begin() + static_cast<std::ptrdiff_t>(count)));
  inbox_.erase(inbox_.begin(), inbox_.begin() + static_cast<std::ptrdiff_t>(count));
  return true;
}

std::chrono::steady_clock::time_point Driver::real_time(std::int64_t due) const {
  const auto* system = dynamic_cast<const SystemClock*>(&clock_);
  const double speed = system ? system->speed() : 1.0;
  const double wait = static_cast<double>(due - milliseconds(clock_.now())) / speed;
  const auto bounded = std::clamp(wait, 0.0, 3'600'000.0);
  return std::chrono::steady_clock::now() +
         std::chrono::microseconds(static_cast<std::int64_t>(bounded * 1'000));
}

/// Append, commit, then act.
void Driver::cycle(const std::vector<Request>& requests) {
  const Time now = clock_.now();
  failed_ = store_->begin();
  for (const auto& request : requests) request(now);
  carry_on(now);
  fire_timers(now);
  prune(now);
  if (failed_) failed_ = store_->commit();
  if (!failed_) recover();
  act();
  for (auto& answer : std::exchange(answers_, {})) answer(failed_);
  images_.shrink();
}

void Driver::carry_on(Time now) {
  for (const auto id : std::exchange(runnable_, {})) {
    if (images_.knows(id)) use(id, [&](ExecutionCore& core) { return core.proceed(now); });
  }
}

void Driver::fire_timers(Time now) {
  for (std::size_t fired = 0; fired < kMaxPerCommit; ++fired) {
    const auto id = images_.take_due(milliseconds(now));
    if (id == 0) return;
    use(id, [&](ExecutionCore& core) { return core.pass_time(now); });
  }
}

/// Lets `work` carry an execution on. One whose history can't be read is left as it is.
void Driver::use(std::int64_t id, const std::function<Step(ExecutionCore&)>& work) {
  const auto image = images_.load(id);
  if (!image) return images_.forget(id);
  const bool handed_out = std::exchange(images_.record(id).tasks_handed_out, true);
  auto lost = handed_out ? std::vector<TaskRequest>{} : (*image)->core.tasks_in_flight();
  Step step = work((*image)->core);
  std::move(lost.begin(), lost.end(), std::back_inserter(step.tasks));
  take(id, **image, std::move(step));
}

/// Appends a step to the history, and notes what is to follow its commit.
void Driver::take(std::int64_t id, Image& image, Step step) {
  const auto next = image.core.next_due();
  const std::int64_t due = next ? std::max<std::int64_t>(milliseconds(*next), 1) : 0;
  if (auto appended = append(id, image, step, due); !appended && failed_) failed_ = std::move(appended);
  if (step.more) runnable_.push_back(id);
  images_.set_due(id, due);
  images_.weigh(image);
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

/// Nothing of this round is on disk: its executions begin again from their histories, a little later.
void Driver::recover() {
  store_->rollback();
  for (const auto& pending : std::exchange(pending_, {})) {
    const auto row = store_->execution(pending.arn);
    if (row && !*row) {
      images_.forget(pending.id);
      continue;
    }
    auto& record = images_.record(pending.id);
    images_.drop_image(record);
    record.tasks_handed_out = false;
    images_.set_due(pending.id, milliseconds(clock_.now()) + kRetryCommitMilliseconds);
  }
}

void Driver::act() {
  bool any_end = false;
  for (auto& pending : std::exchange(pending_, {})) {
    tell(pending);
    hand_out(pending.id, std::move(pending.step.tasks));
    if (!pending.ended) continue;
    images_.forget(pending.id);
    ++ended_since_prune_;
    any_end = true;
  }
  if (!any_end) return;
  {
    const std::lock_guard lock(ends_mutex_);
    ++ends_;
  }
  ends_changed_.notify_all();
}

void Driver::hand_out(std::int64_t id, std::vector<TaskRequest> tasks) {
  for (auto& task : tasks) {
    pool_.submit([this, id, task = std::move(task)] {
      auto result = std::make_shared<TaskResult>(runner_.run(task));
      post([this, id, task_id = task.task_id, result](Time now) {
        if (!images_.knows(id)) return;
        use(id, [&](ExecutionCore& core) { return core.finish_task(task_id, *result, now); });
      });
    });
  }
}

void Driver::tell(const Pending& pending) {
  const std::lock_guard lock(observers_->mutex);
  auto& list = observers_->list;
  if (list.empty() || pending.step.events.empty()) return;
  std::vector<Event> shown;
  std::copy_if(pending.step.events.begin(), pending.step.events.end(), std::back_inserter(shown),
               [](const Event& event) { return !event.is_note(); });
  list.remove_if([](const auto& observer) { return observer.expired(); });
  for (const auto& weak : list) {
    if (const auto observer = weak.lock()) (*observer)({pending.arn, shown});
  }
}

void Driver::prune(Time now) {
  if (now < next_prune_ && ended_since_prune_ < kPruneAfterEnds) return;
  const auto pruned = store_->prune(options_.retention, now);
  const bool more = pruned && *pruned > 0;
  ended_since_prune_ = 0;
  next_prune_ = more ? now : now + kPruneEvery;
}

Status Driver::start(const ExecutionRow& row, const Payload& input, Time now) {
  Image* image = TRY(images_.create(row));
  images_.record(row.id).tasks_handed_out = true;
  take(row.id, *image, image->core.start(input, now));
  return {};
}

Status Driver::stop(std::int64_t id, const Failure& failure, Time now) {
  Image* image = TRY(images_.load(id));
  take(id, *image, image->core.stop(failure, now));
  return {};
}

void Driver::resume(const RunningRow& row) {
  if (images_.knows(row.id)) return;
  images_.record(row.id);
  images_.set_due(row.id, std::max<std::int64_t>(row.due, 1));
}

Status Driver::resume_now(const RunningRow& row) {
  if (images_.knows(row.id) && images_.record(row.id).tasks_handed_out) return {};
  CHECK_OK(images_.load(row.id));
  images_.set_due(row.id, 1);
  return {};
}

Subscription Driver::subscribe(Observer observer) {
  auto shared = std::make_shared<Observer>(std::move(observer));
  const std::lock_guard lock(observers_->mutex);
  observers_->list.push_back(shared);
  return Subscription(std::shared_ptr<void>(shared.get(), [observers = observers_, shared](void*) mutable {
    const std::lock_guard held(observers->mutex);  // not while it is being called
    shared.reset();
  }));
}

std::uint64_t Driver::ends() const {
  const std::lock_guard lock(ends_mutex_);
  return ends_;
}

void Driver::wait_for_ends(std::uint64_t seen, std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(ends_mutex_);
  ends_changed_.wait_until(lock, until, [&] { return ends_ != seen; });
}

}  // namespace lamplighter::engine
