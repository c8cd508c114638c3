#include "deploy/machines.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "base/plain_text.h"
#include "deploy/cloud_recipients.h"
#include "deploy/dynamic_reference.h"
#include "deploy/names.h"
#include "fleet/warnings.h"
#include "json/json.h"
#include "machine/telling.h"

namespace lamplighter::deploy {
namespace {

constexpr int kCloudPause = 5;  // seconds, the shortest between two looks: each costs transitions

Result<Machine> make_machine(const fleet::Fleet& fleet, tasks::Action action) {
  const json::value definition = TRY(machine::compile(fleet, action, cloud_options(fleet)));
  return Machine{action, std::string(tasks::to_string(action)), definition_text(definition)};
}

}  // namespace

std::string definition_text(const json::value& definition) {
  const auto as_text = [](const std::string& json) { return without_references(plain_json(json)); };
  std::string text = as_text(pretty(definition));
  return text.size() <= limits::kDefinitionBytes ? text : as_text(json_text(definition));
}

machine::CompileOptions cloud_options(const fleet::Fleet& fleet, std::vector<std::string> environments) {
  return machine::CompileOptions{std::move(environments), stack_name(fleet), kCloudPause};
}

Result<std::vector<Machine>> machines_of(const fleet::Fleet& fleet) {
  CHECK_OK(check_recipients(fleet));
  std::vector<Machine> machines;
  for (const tasks::Action action : {tasks::Action::start, tasks::Action::stop}) {
    auto machine = make_machine(fleet, action);
    if (!machine) return tl::unexpected(with_context(machine.error(), tasks::to_string(action)));
    machines.push_back(*std::move(machine));
  }
  if (fleet::warnings_of(fleet).empty()) return machines;
  const json::value warning = TRY(machine::compile_warning(fleet, cloud_options(fleet)));
  machines.push_back({tasks::Action::stop, machine::kWarning, definition_text(warning)});
  return machines;
}

const Machine& machine_for(const std::vector<Machine>& machines, const fleet::Schedule& schedule) {
  const std::string_view label =
      schedule.ahead > Duration::zero() ? machine::kWarning : tasks::to_string(schedule.action);
  return *std::find_if(machines.begin(), machines.end(),
                       [&](const Machine& machine) { return machine.label == label; });
}

}  // namespace lamplighter::deploy
