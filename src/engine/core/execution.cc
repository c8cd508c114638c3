#include "engine/core/execution.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/core/execution_limits.h"
#include "engine/core/state_context.h"
#include "engine/core/states/kind.h"
#include "engine/core/states/task.h"

namespace lamplighter::engine {
namespace {

/// Whether any state is in the dialect that has expressions.
bool has_expressions(const asl::States& states) {
  return std::any_of(states.states.begin(), states.states.end(), [](const auto& entry) {
    const auto& branches = entry.second.branches;
    return entry.second.jsonata || std::any_of(branches.begin(), branches.end(), has_expressions);
  });
}

/// The service says nothing of what was running, and its event follows none.
void end_from_outside(StateContext& context, EventType type, json::object details) {
  context.append(0, type, std::move(details), {.previous = 0});
}

}  // namespace

ExecutionCore::ExecutionCore(std::shared_ptr<const asl::StateMachine> definition, Identity identity)
    : definition_(std::move(definition)),
      identity_(std::move(identity)),
      may_evaluate_(has_expressions(*definition_)),
      state_(*definition_) {}

Step ExecutionCore::start(const Payload& input, Now now) {
  return guarded(now, [&](StateContext& context) {
    context.append(0, EventType::execution_started, {{"roleArn", identity_.role_arn}}, {.payload = input});
    context.enter(0, *definition_->find(definition_->start_at), input, 0);
    if (!may_evaluate_) run(context);
  });
}

Step ExecutionCore::proceed(Now now) {
  return guarded(now, [&](StateContext& context) {
    context.step().events.reserve(std::size_t{2} * kTransitionsPerStep);
    run(context);
  });
}

/// No event stands before the one that came earlier.
Step ExecutionCore::begin_task(std::uint64_t task_id, Now begun) {
  const auto early = std::max(state_.last_steady() - begun.steady, Duration::zero());
  return guarded(begun.plus(early), [&](StateContext& context) {
    if (const auto* strand = strand_of_task(task_id)) engine::begin_task(context, *strand);
  });
}

Step ExecutionCore::finish_task(std::uint64_t task_id, const TaskResult& result, Now now) {
  return guarded(now, [&](StateContext& context) {
    const auto* strand = strand_of_task(task_id);
    if (!strand) return;
    engine::begin_task(context, *strand);
    end_task(context, *strand, result);
    run(context);
  });
}

Step ExecutionCore::pass_time(Now now) {
  return guarded(now, [&](StateContext& context) {
    if (execution_deadline() && *execution_deadline() <= now.steady)
      return end_from_outside(context, EventType::execution_timed_out, {{"error", "States.Timeout"}});
    for (auto timer = state_.next_timer(now); timer && timer->first <= now.steady && !state_.outcome();
         timer = state_.next_timer(now)) {
      fire(context, timer->second);
    }
    run(context);
  });
}

Step ExecutionCore::stop(const Failure& failure, Now now) {
  return guarded(now, [&](StateContext& context) {
    end_from_outside(context, EventType::execution_aborted, to_json(failure, "error", "cause"));
  });
}

std::optional<Time> ExecutionCore::next_due(Now now) const {
  if (state_.outcome()) return std::nullopt;
  const auto deadline = execution_deadline();
  const auto timer = state_.next_timer(now);
  if (timer && (!deadline || timer->first < *deadline)) return timer->first;
  return deadline;
}

std::optional<Time> ExecutionCore::execution_deadline() const {
  if (definition_->timeout_seconds == 0) return std::nullopt;
  return state_.started_steady() + std::chrono::seconds{definition_->timeout_seconds};
}

const Strand* ExecutionCore::strand_of_task(std::uint64_t task_id) const {
  const auto found = state_.tasks().find(static_cast<std::int64_t>(task_id));
  return found == state_.tasks().end() ? nullptr : &state_.strand(found->second);
}

std::vector<TaskRequest> ExecutionCore::tasks_in_flight(Now now) const {
  std::vector<TaskRequest> out;
  for (const auto& [task_id, id] : state_.tasks()) {
    out.push_back(task_request(identity_, state_.strand(id), now));
    out.back().again = true;
  }
  return out;
}

Status ExecutionCore::restore(const std::vector<Event>& events) {
  return restoring([&] {
    for (const auto& event : events) state_.apply(event, {});
  });
}

Status ExecutionCore::finish_restoring() {
  return restoring([&] { state_.finish_restoring(); });
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
/// append() throws, and as all state is a fold of the events that were appended before, nothing is half done.
/// A task that was asked for and given up in the same step is not run.
template <class Work>
Step ExecutionCore::guarded(Now now, Work work) {
  if (state_.outcome()) return {};
  StateContext context(identity_, state_, now);
  try {
    work(context);
  } catch (const HistoryFull&) {
    context.append(0, EventType::execution_failed,
                   {{"error", "States.Runtime"},
                    {"cause", fmt::format("The execution reached the maximum number of history events ({}).",
                                          kMaxEvents)}});
  }
  Step step = std::move(context.step());
  step.more = is_ready();
  std::erase_if(step.tasks, [this](const TaskRequest& task) { return !awaits(task.task_id); });
  return step;
}

void ExecutionCore::run(StateContext& context) {
  const Step& step = context.step();
  for (int transitions = 0; transitions < kTransitionsPerStep && step.bytes < kBytesPerStep && is_ready();
       ++transitions) {
    if (transitions > 0 && enough_ && enough_()) return;
    const Strand& strand = state_.strand(state_.ready().begin()->second);
    kind_of(strand).run(context, strand);
  }
}

void ExecutionCore::fire(StateContext& context, StrandId id) {
  Strand& due = state_.strand(id);
  const auto& kind = kind_of(due);
  switch (due.phase) {
    case Phase::waiting:
    case Phase::task:
      return kind.wake(context, due);
    case Phase::retrying:
      return kind.run(context, due);
    default:
      state_.set_due(due, std::nullopt);
  }
}

}  // namespace lamplighter::engine
