#include "engine/runtime/task_runs.h"

#include <utility>

namespace lamplighter::engine {

void TaskRuns::run(std::int64_t execution, TaskRequest task) {
  const auto [at, fresh] = runs_.try_emplace({execution, task.task_id});
  Run& run = at->second;
  if (!fresh) {
    if (std::exchange(run.told, false)) ++untold_;
    if (run.ended) report_(run.ended);
    return;
  }
  run.beginning = std::make_shared<Beginning>();
  ++untold_;
  // Nothing of *this: a task may outlive it.
  auto job = [execution, task = std::move(task), beginning = run.beginning, report = report_,
              timeline = timeline_, &runner = runner_]() mutable {
    const Now begun = timeline->now();
    beginning->set(begun);
    task.begun = begun.steady;
    report(std::make_shared<const EndedTask>(
        EndedTask{execution, task.task_id, begun, run_guarded(runner, task)}));
  };
  run.job = pool_.submit(std::move(job));
}

void TaskRuns::keep(std::shared_ptr<const EndedTask> ended) {
  const auto found = runs_.find({ended->execution, ended->task_id});
  if (found != runs_.end()) found->second.ended = std::move(ended);
}

void TaskRuns::release(std::int64_t execution, const ExecutionCore& core) {
  auto at = runs_.lower_bound({execution, 0});
  while (at != runs_.end() && at->first.first == execution) {
    if (core.awaits(at->first.second)) {
      ++at;
      continue;
    }
    if (!at->second.ended) pool_.release(at->second.job);
    if (!at->second.told) --untold_;
    at = runs_.erase(at);
  }
}

std::vector<TaskRuns::Begun> TaskRuns::tell(Time before) {
  std::vector<Begun> out;
  for (auto& [key, run] : runs_) {
    const Now* begun = run.told ? nullptr : run.beginning->get();
    if (!begun || begun->steady > before) continue;
    run.told = true;
    --untold_;
    out.push_back({key.first, key.second, *begun});
  }
  return out;
}

}  // namespace lamplighter::engine
