// How the executions of this process's engine stand to the environments that they have: by the tasks that are
// at work, and by what the engine says.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "engine/runtime/engine.h"
#include "json/json.h"
#include "tasks/admission/holders.h"

namespace lamplighter::run {

/// Safe to use from several threads.
class EngineHolders final : public tasks::Holders {
 public:
  /// From now on `engine` is asked; it must outlive whoever asks. Until then nothing is known.
  void ask(engine::Engine& engine);

  /// While it lives, the task with this payload is at work.
  class AtWork {
   public:
    AtWork(EngineHolders& holders, const json::value& payload);
    ~AtWork();
    AtWork(const AtWork&) = delete;
    AtWork& operator=(const AtWork&) = delete;

   private:
    EngineHolders& holders_;
    std::string execution_;
    std::vector<std::string> environments_;
  };

  [[nodiscard]] tasks::Standing standing(const std::string& execution,
                                         const std::string& environment) const override;

 private:
  mutable Mutex mutex_;
  std::map<std::pair<std::string, std::string>, int> at_work_ GUARDED_BY(mutex_);
  engine::Engine* engine_ GUARDED_BY(mutex_) = nullptr;
};

}  // namespace lamplighter::run
