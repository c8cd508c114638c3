#include "run/engine_holders.h"

#include "tasks/protocol/payload.h"
#include "tasks/protocol/unmute.h"

namespace lamplighter::run {
namespace {

/// Of the tasks that change something; the others only look.
std::vector<std::string> environments_of(const json::value& payload) {
  const std::string task = get_string(payload, "task");
  if (task == tasks::kReconcile) return {get_string(payload, "environment")};
  if (task != tasks::kUnmute) return {};
  std::vector<std::string> names;
  const json::value* environments = find(payload, "environments");
  if (environments == nullptr || !environments->is_array()) return names;
  for (const json::value& one : environments->get_array()) names.push_back(get_string(one, "name"));
  return names;
}

}  // namespace

void EngineHolders::ask(engine::Engine& engine) {
  const MutexLock lock(mutex_);
  engine_ = &engine;
}

EngineHolders::AtWork::AtWork(EngineHolders& holders, const json::value& payload)
    : holders_(holders),
      execution_(get_string(payload, "execution")),
      environments_(environments_of(payload)) {
  const MutexLock lock(holders_.mutex_);
  for (const auto& environment : environments_) ++holders_.at_work_[{execution_, environment}];
}

EngineHolders::AtWork::~AtWork() {
  const MutexLock lock(holders_.mutex_);
  for (const auto& environment : environments_) {
    const auto found = holders_.at_work_.find({execution_, environment});
    if (--found->second == 0) holders_.at_work_.erase(found);
  }
}

tasks::Standing EngineHolders::standing(const std::string& execution, const std::string& environment) const {
  engine::Engine* engine = nullptr;
  {
    const MutexLock lock(mutex_);
    if (at_work_.contains({execution, environment})) return tasks::Standing::acting;
    engine = engine_;
  }
  if (engine == nullptr) return tasks::Standing::unknown;
  const auto goes_on = engine->carries_on(execution);
  if (!goes_on) return tasks::Standing::unknown;
  return *goes_on ? tasks::Standing::between : tasks::Standing::over;
}

}  // namespace lamplighter::run
