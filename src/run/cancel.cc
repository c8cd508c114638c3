#include "run/cancel.h"

#include <fmt/format.h>

#include "base/who.h"
#include "run/executions.h"

namespace lamplighter::run {

Result<std::string> cancel(const Place& place, const std::string& wanted) {
  const auto desk = TRY(open_desk(place, Purpose::change));
  const auto execution = TRY(find_running(desk->executions(), place, wanted));
  const std::string by = fmt::format("by lamplighter cancel of {}@{}", own_user_name(), host_name());
  TRY(desk->executions().stop_execution(execution.arn, "Cancelled", by));
  return execution.name;
}

}  // namespace lamplighter::run
