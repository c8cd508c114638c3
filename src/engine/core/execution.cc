#include "engine/core/execution.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "engine/core/execution_limits.h"

namespace lamplighter::engine {
namespace {

/// Whether any state is in the dialect that has expressions.
bool has_expressions(const asl::States& states) {
  return std::any_of(states.states.begin(), states.states.end(), [](const auto& entry) {
    const auto& branches = entry.second.branches;
    return entry.second.jsonata || std::any_of(branches.begin(), branches.end(), has_expressions);
  });
}

}  // namespace

void Step::append(Step next) {
  std::move(next.events.begin(), next.events.end(), std::back_inserter(events));
  std::move(next.tasks.begin(), next.tasks.end(), std::back_inserter(tasks));
  more = next.more;
  bytes += next.bytes;
}

Execution describe(const Identity& identity, Time started, std::string input,
                   const std::optional<Outcome>& outcome) {
  Execution out;
  out.arn = identity.arn;
  out.name = identity.name;
  out.state_machine_arn = identity.state_machine_arn;
  out.role_arn = identity.role_arn;
  out.started = started;
  out.input = std::move(input);
  if (!outcome) return out;
  out.status = status_of(*outcome);
  out.ended = outcome->time;
  if (out.status == ExecutionStatus::succeeded) out.output = outcome->output;
  out.error = outcome->failure.error;
  out.cause = outcome->failure.cause;
  return out;
}

ExecutionStatus status_of(const Outcome& outcome) {
  if (outcome.type == "ExecutionSucceeded") return ExecutionStatus::succeeded;
  if (outcome.type == "ExecutionFailed") return ExecutionStatus::failed;
  return outcome.type == "ExecutionTimedOut" ? ExecutionStatus::timed_out : ExecutionStatus::aborted;
}

ExecutionCore::ExecutionCore(std::shared_ptr<const asl::StateMachine> definition, Identity identity)
    : definition_(std::move(definition)),
      identity_(std::move(identity)),
      may_evaluate_(has_expressions(*definition_)) {}

Step ExecutionCore::start(const Payload& input, Now now) {
  return guarded(now, [&] {
    emit(0, "ExecutionStarted", {{"input", input->text}, {"roleArn", identity_.role_arn}}, {}, {input});
    enter(0, *definition_->find(definition_->start_at), input, 0);
    if (!may_evaluate_) run();
  });
}

Step ExecutionCore::proceed(Now now) {
  return guarded(now, [&] {
    step_.events.reserve(std::size_t{2} * kTransitionsPerStep);
    run();
  });
}

/// No event stands before the one that came earlier.
Step ExecutionCore::begin_task(std::uint64_t task_id, Now begun) {
  const auto early = std::max(last_steady_ - begun.steady, Duration::zero());
  return guarded(begun.plus(early), [&] {
    const auto found = tasks_.find(static_cast<std::int64_t>(task_id));
    if (found != tasks_.end()) start_task(strand(found->second));
  });
}

Step ExecutionCore::finish_task(std::uint64_t task_id, const TaskResult& result, Now now) {
  return guarded(now, [&] {
    const auto found = tasks_.find(static_cast<std::int64_t>(task_id));
    if (found == tasks_.end()) return;
    Strand& subject = strand(found->second);
    start_task(subject);
    end_task(subject, result);
    run();
  });
}

Step ExecutionCore::pass_time(Now now) {
  return guarded(now, [&] {
    if (execution_deadline() && *execution_deadline() <= now.steady)
      return end_from_outside("ExecutionTimedOut", {{"error", "States.Timeout"}});
    for (auto timer = next_timer(now); timer && timer->first <= now.steady && !outcome_;
         timer = next_timer(now)) {
      fire(timer->second);
    }
    run();
  });
}

Step ExecutionCore::stop(const Failure& failure, Now now) {
  return guarded(now, [&] { end_from_outside("ExecutionAborted", to_json(failure, "error", "cause")); });
}

/// The service says nothing of what was running, and its event follows none.
void ExecutionCore::end_from_outside(std::string type, json::object details) {
  emit(0, std::move(type), std::move(details), {}, {}, 0);
}

std::optional<Time> ExecutionCore::next_due(Now now) const {
  if (outcome_) return std::nullopt;
  const auto deadline = execution_deadline();
  const auto timer = next_timer(now);
  if (timer && (!deadline || timer->first < *deadline)) return timer->first;
  return deadline;
}

/// The first of all timers, on the engine's timeline.
std::optional<std::pair<Time, StrandId>> ExecutionCore::next_timer(Now now) const {
  std::optional<std::pair<Time, StrandId>> first;
  if (!timers_.empty()) first = *timers_.begin();
  if (moments_.empty()) return first;
  const std::pair moment{moments_.begin()->first - now.skew(), moments_.begin()->second};
  return first ? std::min(*first, moment) : moment;
}

std::optional<Time> ExecutionCore::execution_deadline() const {
  if (definition_->timeout_seconds == 0) return std::nullopt;
  return started_steady_ + std::chrono::seconds{definition_->timeout_seconds};
}

std::vector<TaskRequest> ExecutionCore::tasks_in_flight(Now now) const {
  std::vector<TaskRequest> out;
  if (outcome_) return out;
  for (const auto& [task_id, id] : tasks_) out.push_back(task_request(strands_.at(id), now));
  return out;
}

std::size_t ExecutionCore::weight() const {
  constexpr std::size_t kStrandBytes = 1'024;
  constexpr std::size_t kBytesPerByteOfText = 4;
  std::size_t text = variable_bytes_ + (input_ ? input_->text.size() : 0);
  for (const auto& [id, strand] : strands_) {
    text += strand.input ? strand.input->text.size() : 0;
    text += strand.group ? strand.group->result_bytes : 0;
  }
  return (strands_.size() + 1) * kStrandBytes + text * kBytesPerByteOfText;
}

Status ExecutionCore::restore(const std::vector<Event>& events) {
  return restoring([&] {
    for (const auto& event : events) apply(event, {});
  });
}

/// Only the payloads that are still needed are read: a history may hold thousands of large ones.
Status ExecutionCore::finish_restoring() {
  return restoring([&] {
    read_late(input_);
    for (auto& [id, strand] : strands_) {
      read_late(strand.input);
      if (strand.task) read_late(strand.task->arguments);
      if (!strand.group) continue;
      for (auto& result : strand.group->results) read_late(result);
    }
  });
}

template <class Work>
Status ExecutionCore::restoring(Work work) {
  try {
    work();
  } catch (const std::exception& error) {  // a record that does not fit the definition
    return fail(
        ErrorKind::internal, "DatabaseCorrupted",
        fmt::format("the history of {} does not fit its definition: {}", identity_.name, error.what()));
  }
  return {};
}

/// Does the work of one call and gives what it led to. The history limit ends an execution from anywhere:
/// emit() throws, and as all state is a fold of the events that were appended before, nothing is half done.
template <class Work>
Step ExecutionCore::guarded(Now now, Work work) {
  now_ = now;
  step_ = {};
  if (outcome_) return {};
  try {
    work();
  } catch (const HistoryFull&) {
    step_.tasks.clear();
    emit(0, "ExecutionFailed",
         {{"error", "States.Runtime"},
          {"cause",
           fmt::format("The execution reached the maximum number of history events ({}).", kMaxEvents)}});
  }
  return take_step();
}

/// A task that was asked for and given up in the same step is not run.
Step ExecutionCore::take_step() {
  step_.more = is_ready();
  std::erase_if(step_.tasks, [this](const TaskRequest& task) { return !awaits(task.task_id); });
  return std::exchange(step_, {});
}

void ExecutionCore::run() {
  for (int transitions = 0; transitions < kTransitionsPerStep && step_.bytes < kBytesPerStep && is_ready();
       ++transitions) {
    if (transitions > 0 && enough_ && enough_()) return;
    run_state(ready_.begin()->second);
  }
}

void ExecutionCore::fire(StrandId id) {
  Strand& due = strand(id);
  switch (due.phase) {
    case Phase::waiting:
      return complete(due, nullptr);
    case Phase::task:
      return time_out(due);
    case Phase::retrying:
      return try_again(due);
    default:
      set_due(due, std::nullopt);
  }
}

}  // namespace lamplighter::engine
