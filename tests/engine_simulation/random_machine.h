// Random state machines, and a world that answers their tasks: for the proof that no crash changes a history.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "engine/core/task_runner.h"
#include "json/json.h"

namespace lamplighter::engine::proof {

/// A valid definition in the JSONata dialect with all eight states, nested at most three deep. The same seed
/// gives the same definition.
json::value random_machine(Random random);

/// Answers tasks as a function of seed, task and attempt alone: a result, an error or a failure, at a moment
/// that is fixed when the task is first asked for. A task that is run again after a crash ends as it would
/// have.
class RandomWorld final : public TaskRunner {
 public:
  RandomWorld(Random random, Clock& clock) : random_(random), clock_(clock) {}
  TaskResult run(const TaskRequest& request) override;

  [[nodiscard]] std::size_t tasks() const { return ends_.size(); }
  [[nodiscard]] std::size_t reruns() const { return reruns_; }

 private:
  Random random_;
  Clock& clock_;
  std::map<std::uint64_t, Time> ends_;
  std::size_t reruns_ = 0;
};

}  // namespace lamplighter::engine::proof
