#include "run/resumable.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "run/desk.h"
#include "run/executions.h"
#include "run/past.h"

namespace lamplighter::run {
namespace {

std::vector<std::string> names_of(const machine::Shape& shape) {
  std::vector<std::string> names;
  for (const auto& environment : shape.environments) names.push_back(environment.name());
  return names;
}

bool is_of_fleet(const engine::Execution& execution, const std::string& fleet) {
  const auto& arn = execution.state_machine_arn;
  return arn.ends_with(":" + fleet + "-start") || arn.ends_with(":" + fleet + "-stop");
}

/// The environments that both work on.
std::vector<std::string> common(const machine::Shape& one, const machine::Shape& other) {
  std::vector<std::string> both;
  const auto others = names_of(other);
  for (const std::string& name : names_of(one)) {
    if (std::find(others.begin(), others.end(), name) != others.end()) both.push_back(name);
  }
  return both;
}

std::string words_of(const engine::Execution& later, const std::vector<std::string>& both) {
  return fmt::format("{}, which began later with {} and {}", later.name, fmt::join(both, ", "),
                     later.status == engine::ExecutionStatus::running
                         ? "is running too"
                         : fmt::format("has ended ({})", engine::to_string(later.status)));
}

/// The latest of `newer` that took its environments from it, in words. Where runs agree by leases, it can go
/// on as long as one is left: it halts the others itself, and waits for who does the same.
Result<std::string> overtaker_of(engine::Engine& engine, const machine::Shape& shape,
                                 const std::vector<engine::Execution>& newer) {
  const bool agree = shape.coordination.kind != tasks::Coordination::Kind::none;
  std::vector<std::string> left = names_of(shape);
  std::string latest;
  for (const engine::Execution& listed : newer) {
    if (!is_of_fleet(listed, shape.fleet)) continue;
    const auto execution = TRY(engine.describe_execution(listed.arn));
    const auto other = shape_of(engine, execution);
    if (!other || other->fleet != shape.fleet) continue;
    const auto both = common(shape, *other);
    if (both.empty() || (agree && other->action == shape.action)) continue;
    if (latest.empty()) latest = words_of(execution, both);
    std::erase_if(left,
                  [&](const auto& name) { return std::find(both.begin(), both.end(), name) != both.end(); });
    if (left.empty() || !agree) return latest;
  }
  return std::string();
}

Result<Resumable> read(engine::Engine& engine, const engine::Execution& listed,
                       const std::vector<engine::Execution>& newer) {
  Resumable one;
  one.execution = TRY(engine.describe_execution(listed.arn));
  if (auto shape = shape_of(engine, one.execution)) one.shape = *std::move(shape);
  one.access = read_access(parse_json(one.execution.input).value_or(json::value()));
  // Which environments a damaged one works on nobody knows; it doesn't go on. One that has reported leaves
  // to later runs what is theirs.
  if (!one.shape || one.is_damaged() || has_reported(engine, one.execution)) return one;
  one.overtaken_by = TRY(overtaker_of(engine, *one.shape, newer));
  return one;
}

}  // namespace

Result<std::vector<Resumable>> resumable(engine::Engine& engine, const Place& place,
                                         const std::string& wanted) {
  const std::string arn = wanted.empty() ? "" : TRY(find_running(engine, place, wanted)).arn;
  std::vector<Resumable> found;
  std::vector<engine::Execution> newer;
  for (const engine::Execution& listed : TRY(all_executions(engine, std::nullopt))) {
    const bool is_meant = arn.empty() ? listed.status == engine::ExecutionStatus::running : listed.arn == arn;
    if (is_meant) found.push_back(TRY(read(engine, listed, newer)));
    newer.push_back(listed);
  }
  return found;
}

bool Resumable::is_damaged() const { return execution.error == kDamaged; }

std::string description_of(const Resumable& one) {
  if (!one.shape) return one.execution.name;
  return fmt::format("{} ({})", one.execution.name, fmt::join(names_of(*one.shape), ", "));
}

}  // namespace lamplighter::run
