// The events of one execution as they come, asked for: the live view's way to a run of another process, or of
// Step Functions.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "base/result.h"
#include "engine/runtime/executions.h"
#include "run/progress.h"

namespace lamplighter::run {

/// Keeps references to the executions and the progress.
class EventFeed {
 public:
  /// `each`, where there is one, is told every event once the progress knows of it.
  EventFeed(engine::Executions& executions, std::string arn, Progress& progress,
            std::function<void(const engine::Event&)> each = nullptr)
      : executions_(executions), arn_(std::move(arn)), progress_(progress), each_(std::move(each)) {}

  /// Tells the progress what was appended since the last time; the first time, everything. A glance at the
  /// last event is enough where there is nothing new. Gives whether the execution's end was among it, ever.
  Result<bool> ask();

 private:
  Status read_from_start();
  Status read_back_to_last();
  void tell(std::vector<engine::Event> events);

  engine::Executions& executions_;
  std::string arn_;
  Progress& progress_;
  std::function<void(const engine::Event&)> each_;
  std::int64_t last_ = 0;
  bool ended_ = false;
  std::map<std::int64_t, std::uint32_t> strands_;  ///< by the ids of events
  std::set<std::int64_t> forks_;                   ///< events that each lead to several
  std::uint32_t strand_count_ = 0;
};

}  // namespace lamplighter::run
