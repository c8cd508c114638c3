// Task states: what is asked for, and what becomes of the answer.
#include <algorithm>

#include <fmt/format.h>

#include "engine/core/execution.h"
#include "engine/core/execution_limits.h"

namespace lamplighter::engine {
namespace {

/// A function's error body is shown as text; the optimized integration shows it as compact JSON.
std::string compact(const std::string& cause) {
  const auto read = read_compact(cause);
  return read && (*read)->value.is_object() ? (*read)->text : cause;
}

}  // namespace

void ExecutionCore::run_task(Strand& strand) {
  auto plan = plan_task(strand);
  if (!plan) return fail_evaluation(strand, plan.error());
  if (plan->arguments->text.size() > kMaxPayloadBytes) return fail_size(strand);
  const StrandId id = strand.id;
  if (is_bare_lambda(*strand.state)) {
    plan->details["resource"] = strand.state->resource;
    plan->details["input"] = plan->arguments->text;
    emit(id, "LambdaFunctionScheduled", std::move(plan->details), std::move(plan->note), {plan->arguments});
  } else {
    plan->details["resourceType"] = "lambda";
    plan->details["resource"] = "invoke";
    plan->details["region"] = identity_.region;
    plan->details["parameters"] = plan->arguments->text;
    emit(id, "TaskScheduled", std::move(plan->details), std::move(plan->note), {plan->arguments});
  }
  step_.tasks.push_back(task_request(this->strand(id), now_));
}

void ExecutionCore::start_task(const Strand& strand) {
  if (strand.task->started) return;
  if (is_bare_lambda(*strand.state)) return emit(strand.id, "LambdaFunctionStarted", {});
  emit(strand.id, "TaskStarted", {{"resourceType", "lambda"}, {"resource", "invoke"}});
}

Evaluated<ExecutionCore::TaskPlan> ExecutionCore::plan_task(const Strand& strand) const {
  const auto& state = *strand.state;
  auto evaluate = evaluator(strand);
  TaskPlan plan;
  plan.arguments = state.arguments ? make_payload(TRY(evaluate.evaluate(*state.arguments))) : strand.input;
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
  plan.note["timeout"] = seconds;
  if (state.role_arn) {
    const auto role = TRY(evaluate.text(*state.role_arn, "Credentials/RoleArn"));
    plan.details["taskCredentials"] = {{"roleArn", role}};
    plan.note["role"] = role;
  }
  return plan;
}

TaskRequest ExecutionCore::task_request(const Strand& strand, Now now) const {
  const auto& task = *strand.task;
  TaskRequest request{identity_.arn,          static_cast<std::uint64_t>(task.id),
                      strand.state->resource, task.arguments,
                      task.role_arn,          task.timeout};
  if (task.started) request.timeout = strand.due->time - now.steady;
  return request;
}

bool ExecutionCore::is_bare_lambda(const asl::State& state) {
  return !state.resource.ends_with(":states:::lambda:invoke");
}

void ExecutionCore::end_task(Strand& strand, const TaskResult& result) {
  if (!result) return fail_task(strand, {result.error().error, result.error().cause}, "Failed");
  const Payload& output = *result;
  if (output->text.size() > kMaxPayloadBytes) return fail_task(strand, size_failure(strand), "Failed");
  if (is_too_deep(output)) return fail_task(strand, depth_failure(strand), "Failed");
  const StrandId id = strand.id;
  json::object details{{"output", output->text}};
  if (is_bare_lambda(*strand.state)) {
    emit(id, "LambdaFunctionSucceeded", std::move(details));
  } else {
    details["resourceType"] = "lambda";
    details["resource"] = "invoke";
    emit(id, "TaskSucceeded", std::move(details));
  }
  complete(this->strand(id), output);
}

void ExecutionCore::fail_task(Strand& strand, Failure failure, std::string_view how) {
  const StrandId id = strand.id;
  if (is_bare_lambda(*strand.state)) {
    emit(id, fmt::format("LambdaFunction{}", how), to_json(failure, "error", "cause"));
  } else {
    if (failure.cause) failure.cause = compact(*failure.cause);
    auto details = to_json(failure, "error", "cause");
    details["resourceType"] = "lambda";
    details["resource"] = "invoke";
    emit(id, fmt::format("Task{}", how), std::move(details));
  }
  fail_state(strand, failure);
}

void ExecutionCore::time_out(Strand& strand) {
  const bool heartbeat = strand.task->heartbeat;
  fail_task(strand, {heartbeat ? "States.HeartbeatTimeout" : "States.Timeout", std::nullopt}, "TimedOut");
}

}  // namespace lamplighter::engine
