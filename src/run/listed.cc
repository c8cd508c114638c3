#include "run/listed.h"

#include <algorithm>

#include "run/executions.h"

namespace lamplighter::run {
namespace {

constexpr std::size_t kDescribed = 100;
constexpr std::size_t kDescribedOnAws = 20;  // a few calls each

}  // namespace

Result<std::vector<Listed>> listed_at(Desk& desk, const Place& place) {
  std::vector<Listed> listed;
  for (auto& execution : TRY(all_executions(desk.executions(), std::nullopt)))
    listed.push_back({std::move(execution), std::nullopt});
  const std::size_t described = std::min(listed.size(), place.cloud ? kDescribedOnAws : kDescribed);
  for (std::size_t i = 0; i < described; ++i) {
    auto found = desk.executions().describe_execution(listed[i].execution.arn);
    if (!found) continue;  // it went meanwhile
    listed[i] = {*std::move(found), std::nullopt};
    listed[i].passed_over = passed_over_in(desk.executions(), listed[i].execution);
  }
  return listed;
}

}  // namespace lamplighter::run
