#include "deploy/machines.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/limits.h"
#include "base/plain_text.h"
#include "deploy/dynamic_reference.h"
#include "deploy/names.h"
#include "json/json.h"
#include "machine/events.h"

namespace lamplighter::deploy {
namespace {

constexpr std::size_t kMaxLabel = 60;

/// A schedule's environments in the fleet's order; empty where they are all.
std::vector<std::string> set_of(const fleet::Fleet& fleet, const std::vector<std::string>& names) {
  std::vector<std::string> set;
  for (const fleet::Environment& environment : fleet.environments) {
    if (std::find(names.begin(), names.end(), environment.name) != names.end())
      set.push_back(environment.name);
  }
  return set.size() == fleet.environments.size() ? std::vector<std::string>{} : set;
}

bool runs(const Machine& machine, tasks::Action action, const std::vector<std::string>& set) {
  return machine.action == action && machine.environments == set;
}

std::string label_of(tasks::Action action, const std::vector<std::string>& set, UniqueNames& labels) {
  std::string label(tasks::to_string(action));
  if (!set.empty()) label = aws_name(fmt::format("{}-{}", label, fmt::join(set, "-")), kMaxLabel);
  return labels.take(label, fmt::format("{}", fmt::join(set, "/")));
}

Result<Machine> make_machine(const fleet::Fleet& fleet, tasks::Action action, std::vector<std::string> set,
                             UniqueNames& labels) {
  const auto options = TRY(cloud_options(fleet, set));
  const json::value definition = TRY(machine::compile(fleet, action, options));
  std::string label = label_of(action, set, labels);
  return Machine{action, std::move(set), std::move(label), definition_text(definition)};
}

}  // namespace

std::string definition_text(const json::value& definition) {
  const auto as_text = [](const std::string& json) { return without_references(plain_json(json)); };
  std::string text = as_text(pretty(definition));
  return text.size() <= limits::kDefinitionBytes ? text : as_text(json_text(definition));
}

Result<machine::CompileOptions> cloud_options(const fleet::Fleet& fleet,
                                              std::vector<std::string> environments) {
  const tasks::Pace pace = TRY(machine::fitting_pace(fleet, environments, machine::kCloudPaces));
  return machine::CompileOptions{std::move(environments), stack_name(fleet), pace};
}

Result<std::vector<Machine>> machines_of(const fleet::Fleet& fleet) {
  std::vector<std::pair<tasks::Action, std::vector<std::string>>> wanted{{tasks::Action::start, {}},
                                                                         {tasks::Action::stop, {}}};
  for (const fleet::Schedule& schedule : fleet.schedules) {
    std::pair entry{schedule.action, set_of(fleet, schedule.environments)};
    if (std::find(wanted.begin(), wanted.end(), entry) == wanted.end()) wanted.push_back(std::move(entry));
  }
  std::vector<Machine> machines;
  UniqueNames labels;
  for (auto& [action, set] : wanted) {
    auto machine = make_machine(fleet, action, std::move(set), labels);
    if (!machine) return tl::unexpected(with_context(machine.error(), tasks::to_string(action)));
    machines.push_back(*std::move(machine));
  }
  return machines;
}

const Machine& machine_for(const fleet::Fleet& fleet, const std::vector<Machine>& machines,
                           const fleet::Schedule& schedule) {
  const auto set = set_of(fleet, schedule.environments);
  return *std::find_if(machines.begin(), machines.end(),
                       [&](const Machine& machine) { return runs(machine, schedule.action, set); });
}

}  // namespace lamplighter::deploy
