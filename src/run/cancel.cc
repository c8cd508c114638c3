#include "run/cancel.h"

#include "run/executions.h"

namespace lamplighter::run {

Result<std::string> cancel(const std::string& state_dir, const std::string& wanted) {
  const auto engine = TRY(open_to_look(state_dir));
  const auto execution = TRY(find_running(*engine, wanted));
  TRY(engine->stop_execution(execution.arn, "Cancelled", "by lamplighter cancel"));
  return execution.name;
}

}  // namespace lamplighter::run
