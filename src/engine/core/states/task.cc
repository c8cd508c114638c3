// Task: asks for a task, and goes on with what it answers.
#include "engine/core/states/task.h"

#include <algorithm>

#include "engine/core/event_reading.h"
#include "engine/core/execution_limits.h"
#include "engine/core/execution_state.h"
#include "engine/core/state_context.h"
#include "engine/core/states/kind.h"

namespace lamplighter::engine {
namespace {

/// The service tells of its integrations and of bare Lambda functions in different events.
struct TaskEvents {
  EventType scheduled;
  EventType started;
  EventType succeeded;
  EventType failed;
  EventType timed_out;
};
constexpr TaskEvents kIntegration{EventType::task_scheduled, EventType::task_started,
                                  EventType::task_succeeded, EventType::task_failed,
                                  EventType::task_timed_out};
constexpr TaskEvents kFunction{EventType::lambda_function_scheduled, EventType::lambda_function_started,
                               EventType::lambda_function_succeeded, EventType::lambda_function_failed,
                               EventType::lambda_function_timed_out};

bool is_bare_lambda(const asl::State& state) { return !state.resource.ends_with(":states:::lambda:invoke"); }

const TaskEvents& events_of(const Strand& strand) {
  return is_bare_lambda(*strand.state) ? kFunction : kIntegration;
}

/// An integration's events say which.
void add_resource(json::object& details, const Strand& strand) {
  if (is_bare_lambda(*strand.state)) return;
  details["resourceType"] = "lambda";
  details["resource"] = "invoke";
}

/// A function's error body is shown as text; the optimized integration shows it as compact JSON.
std::string compact(const std::string& cause) {
  const auto read = read_compact(cause);
  return read && (*read)->value.is_object() ? (*read)->text : cause;
}

/// What a Task state is about to ask for.
struct TaskPlan {
  Payload arguments;
  json::object details;  ///< of its Scheduled event
  json::object note;
};

/// Its time is the shorter of TimeoutSeconds and HeartbeatSeconds: there are no heartbeats here.
Evaluated<std::int64_t> plan_timeouts(const asl::State& state, Evaluator& evaluate, TaskPlan& plan) {
  std::int64_t seconds = kMaxSeconds;
  if (state.timeout_seconds) {
    seconds = TRY(evaluate.number(*state.timeout_seconds, "TimeoutSeconds", 1, kMaxSeconds));
    plan.details["timeoutInSeconds"] = seconds;
  }
  if (state.heartbeat_seconds) {
    const auto heartbeat = TRY(evaluate.number(*state.heartbeat_seconds, "HeartbeatSeconds", 1, kMaxSeconds));
    plan.details["heartbeatInSeconds"] = heartbeat;
    if (heartbeat < seconds) plan.note["heartbeat"] = true;
    seconds = std::min(seconds, heartbeat);
  }
  return seconds;
}

Evaluated<TaskPlan> plan_task(const StateContext& context, const Strand& strand) {
  const auto& state = *strand.state;
  auto evaluate = context.evaluator(strand);
  TaskPlan plan;
  plan.arguments = state.arguments ? make_payload(TRY(evaluate.evaluate(*state.arguments))) : strand.input;
  plan.note["timeout"] = TRY(plan_timeouts(state, evaluate, plan));
  if (state.role_arn) {
    const auto role = TRY(evaluate.text(*state.role_arn, "Credentials/RoleArn"));
    plan.details["taskCredentials"] = {{"roleArn", role}};
    plan.note["role"] = role;
  }
  return plan;
}

void fail_task(StateContext& context, const Strand& strand, Failure failure, EventType how) {
  if (failure.cause && !is_bare_lambda(*strand.state)) failure.cause = compact(*failure.cause);
  auto details = to_json(failure, "error", "cause");
  add_resource(details, strand);
  context.append(strand.id, how, std::move(details));
  context.fail(strand, failure);
}

class Task final : public StateKind {
 public:
  void run(StateContext& context, const Strand& strand) const override {
    auto plan = plan_task(context, strand);
    if (!plan) return context.fail(strand, plan.error());
    if (plan->arguments->text.size() > kMaxPayloadBytes) return context.fail(strand, size_failure(strand));
    auto& details = plan->details;
    if (is_bare_lambda(*strand.state)) {
      details["resource"] = strand.state->resource;
    } else {
      add_resource(details, strand);
      details["region"] = context.identity().region;
    }
    context.append(strand.id, events_of(strand).scheduled, std::move(details),
                   {.note = std::move(plan->note), .payload = plan->arguments});
    context.ask(task_request(context.identity(), strand, context.now()));
  }

  /// Its time is over.
  void wake(StateContext& context, const Strand& strand) const override {
    const bool heartbeat = strand.task->heartbeat;
    fail_task(context, strand, {heartbeat ? "States.HeartbeatTimeout" : "States.Timeout", std::nullopt},
              events_of(strand).timed_out);
  }

  void apply(ExecutionState& state, Strand& strand, const Event& event,
             const Payload& payload) const override {
    const auto& types = events_of(strand);
    if (event.type == EventType::task_state_aborted) return;
    if (event.type == types.scheduled) {
      const auto timeout = optional_number(event.note, "timeout").value_or(kMaxSeconds);
      state.set_task(strand, {event.id, take(payload, event), optional_text(event.note, "role").value_or(""),
                              std::chrono::seconds{timeout}, event.note.contains("heartbeat"), false});
    } else if (event.type == types.started) {
      strand.task.value().started = true;
      state.set_due(strand, Due{steady_time_of(event) + strand.task->timeout});
    } else {
      state.set_phase(strand, Phase::moving);
    }
    strand.previous = event.id;
  }
};

}  // namespace

void begin_task(StateContext& context, const Strand& strand) {
  if (strand.task->started) return;
  json::object details;
  add_resource(details, strand);
  context.append(strand.id, events_of(strand).started, std::move(details));
}

void end_task(StateContext& context, const Strand& strand, const TaskResult& result) {
  const auto fail_with = [&](Failure failure) {
    fail_task(context, strand, std::move(failure), events_of(strand).failed);
  };
  if (!result) return fail_with({result.error().error, result.error().cause});
  const Payload& output = *result;
  if (output->text.size() > kMaxPayloadBytes) return fail_with(size_failure(strand));
  if (is_too_deep(output)) return fail_with(depth_failure(strand));
  json::object details;
  add_resource(details, strand);
  context.append(strand.id, events_of(strand).succeeded, std::move(details), {.payload = output});
  context.complete(strand, output);
}

TaskRequest task_request(const Identity& identity, const Strand& strand, const Now& now) {
  const auto& task = *strand.task;
  TaskRequest request{identity.arn,           static_cast<std::uint64_t>(task.id),
                      strand.state->resource, task.arguments,
                      task.role_arn,          task.timeout};
  if (task.started) request.timeout = strand.due->time - now.steady;
  return request;
}

const StateKind& task_kind() {
  static constexpr Task kKind;
  return kKind;
}

}  // namespace lamplighter::engine
