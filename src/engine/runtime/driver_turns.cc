// How executions have their turns: in place where that is quick, else lent to a thread that may be kept.
#include "engine/runtime/driver.h"

namespace lamplighter::engine {
namespace {

/// So long an execution may be away without a commit, if its expressions let it.
constexpr std::chrono::milliseconds kTurn{20};
/// So many executions may be away at once; each has an image.
constexpr std::size_t kMaxLent = 2'048;

}  // namespace

/// Lets `work` carry an execution on. One that has ended in this round is left as it is.
void Driver::use(std::int64_t id, Work work) {
  if (!images_.knows(id) || is_away(id, [this, id, work] { use(id, work); })) return;
  const auto image = images_.load(id);
  if (!image) return give_up(id, image.error());
  ExecutionCore& core = (*image)->core;
  if (core.outcome()) return;
  const bool handed_out = std::exchange(images_.record(id).tasks_handed_out, true);
  auto lost = handed_out ? std::vector<TaskRequest>{} : core.tasks_in_flight(now_);
  if (core.may_evaluate()) return lend({id, std::move(work), std::move(lost), nullptr, {}});
  Step step = work(core, now_);
  std::move(lost.begin(), lost.end(), std::back_inserter(step.tasks));
  take(id, **image, std::move(step));
}

bool Driver::may_tell() const {
  return tasks_.any_untold() && std::chrono::steady_clock::now() >= last_told_ + kTellAfter;
}

/// A task's beginning is told with its result where that comes soon: then both share a commit.
void Driver::tell_beginnings() {
  if (!may_tell()) return;
  last_told_ = std::chrono::steady_clock::now();
  for (const auto& begun : tasks_.tell(now_.steady - kTellAfter)) {
    const Request tell = [this, begun] {
      // One that begins again, since a commit failed, tells once it has its tasks again.
      if (!images_.knows(begun.execution) || !images_.record(begun.execution).tasks_handed_out) return;
      const auto image = images_.load(begun.execution);
      if (image) take(begun.execution, **image, (*image)->core.begin_task(begun.task_id, begun.at));
    };
    if (!is_away(begun.execution, tell)) tell();
  }
}

void Driver::finish(const std::shared_ptr<const EndedTask>& ended) {
  if (!images_.knows(ended->execution)) return;
  tasks_.keep(ended);
  use(ended->execution, [ended](ExecutionCore& core, const Now& now) {
    Step step = core.begin_task(ended->task_id, ended->begun);
    step.append(core.finish_task(ended->task_id, ended->result, now));
    return step;
  });
}

bool Driver::may_lend() const { return lent_.size() < kMaxLent; }

/// Whether an execution is not at hand: somebody else carries it on, or reads its history. Then `request` is
/// served once it is.
bool Driver::is_away(std::int64_t id, const Request& request) {
  const auto found = lent_.find(id);
  if (found != lent_.end()) {
    found->second.push_back(request);
    return true;
  }
  if (!images_.takes_long(id)) return false;
  auto blank = images_.blank(id);
  if (!blank) return false;  // load() says why
  lent_[id].push_back(request);
  read_elsewhere(id, *std::move(blank));
  return true;
}

void Driver::read_elsewhere(std::int64_t id, std::unique_ptr<Image> blank) {
  // Nothing of *this, as in hand_over().
  auto image = std::make_shared<std::unique_ptr<Image>>(std::move(blank));
  reading_.submit([this, id, image, file = store_->file(), inbox = inbox_] {
    const auto read = [&]() -> Status { return Images::fill(**image, id, *TRY(Store::open(file))); }();
    inbox->post([this, id, image, read] { take_read(id, std::move(*image), read); });
  });
}

/// What could not be read is read again here, where its error belongs to an execution. One that has ended
/// meanwhile is not known any more.
void Driver::take_read(std::int64_t id, std::unique_ptr<Image> image, const Status& read) {
  if (images_.knows(id)) {
    if (read) {
      images_.take_back(id, std::move(image));
    } else {
      images_.record(id).read_here = true;
    }
  }
  serve_waiting(id);
}

void Driver::serve_waiting(std::int64_t id) {
  const auto waiting = std::move(lent_.extract(id).mapped());
  for (const auto& request : waiting) {
    if (!is_away(id, request)) request();
  }
}

/// The image goes after the commit: until then it may have to be dropped.
void Driver::lend(Loan loan) {
  lent_.try_emplace(loan.id);
  loans_.push_back(std::move(loan));
}

void Driver::hand_over(Loan loan) {
  loan.image = images_.lend(loan.id);
  // Nothing of *this: an expression may outlive it.
  computing_.submit(
      [this, loan = std::make_shared<Loan>(std::move(loan)), timeline = timeline_, inbox = inbox_] {
        const auto until = std::chrono::steady_clock::now() + kTurn;
        ExecutionCore& core = loan->image->core;
        core.give_way_when([until] { return std::chrono::steady_clock::now() >= until; });
        loan->step = loan->work(core, timeline->now());
        core.give_way_when(nullptr);
        inbox->post([this, loan] { give_back(*loan); });
      });
}

void Driver::give_back(Loan& loan) {
  Image* image = images_.take_back(loan.id, std::move(loan.image));
  std::move(loan.lost.begin(), loan.lost.end(), std::back_inserter(loan.step.tasks));
  take(loan.id, *image, std::move(loan.step));
  serve_waiting(loan.id);
}

/// After a failed commit: their executions begin again too, and what waited for them has its turn.
void Driver::cancel_loans() {
  for (const auto& loan : std::exchange(loans_, {})) {
    auto waiting = std::move(lent_.extract(loan.id).mapped());
    for (auto& request : waiting) inbox_->post(std::move(request));
    if (images_.knows(loan.id)) begin_again(loan.id);
  }
}

}  // namespace lamplighter::engine
