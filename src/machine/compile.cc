#include "machine/compile.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/limits.h"
#include "machine/branch.h"
#include "machine/events.h"
#include "machine/names.h"
#include "machine/tasks.h"

namespace lamplighter::machine {
namespace {

// The report's own selectors; the branches' results share a payload with them.
constexpr std::size_t kMaxReportArguments = 80'000;
static_assert(kMaxReportArguments < limits::kPayloadBytes / 2);

/// The chosen environments in the fleet's order.
Result<std::vector<const fleet::Environment*>> choose(const fleet::Fleet& fleet,
                                                      const std::vector<std::string>& names) {
  std::vector<std::string> known;
  known.reserve(fleet.environments.size());
  for (const auto& environment : fleet.environments) known.push_back(environment.name);
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return fail(
          ErrorKind::bad_input, "UnknownEnvironment",
          fmt::format("found the environment \"{}\", expected one of {}", name, fmt::join(known, ", ")));
    }
  }
  std::vector<const fleet::Environment*> chosen;
  for (const auto& environment : fleet.environments) {
    const bool named = std::find(names.begin(), names.end(), environment.name) != names.end();
    if (names.empty() || named) chosen.push_back(&environment);
  }
  return chosen;
}

json::object start_all(const Source& source, const MachineNames& names) {
  json::array branches;
  for (const fleet::Environment* environment : source.environments) {
    branches.push_back(branch(source, *environment));
  }
  return {{"Type", "Parallel"},
          {"Arguments", json::object{{"memory", nullptr}, {"phases", json::array{}}}},
          {"Branches", std::move(branches)},
          {"Next", names.did_all}};
}

json::object did_all(const Source& source, const MachineNames& names) {
  const std::string all_ready =
      fmt::format("{{% $count($states.input[status = 'ready']) = {} %}}", source.environments.size());
  return {{"Type", "Choice"},
          {"Choices", json::array{json::object{
                          {"Comment", "yes"}, {"Condition", all_ready}, {"Next", names.report_success}}}},
          {"Default", names.report_aborted}};
}

/// The environments that halted, in one sentence. `environments` is the report's answer.
std::string halted_words() {
  return "$join($states.input.environments[status = 'halted'].(name & ': ' & reason), '; ')";
}

json::object failure(std::string_view error, const std::string& cause) {
  return {{"Type", "Fail"},
          {"Error", error},
          {"Cause", fmt::format("{{% $substring('' & {}, 0, 2000) %}}", cause)}};
}

json::object machine(const Source& source) {
  const MachineNames names(source.action);
  const std::string aborted = source.action == tasks::Action::start ? "StartAborted" : "StopAborted";
  const std::string not_sent = error_words("$states.input.error");
  json::object states;
  states[names.all] = start_all(source, names);
  states[names.did_all] = did_all(source, names);
  states[names.report_success] = report_task(source, names.succeeded, names.not_sent);
  states[names.succeeded] = json::object{{"Type", "Succeed"}};
  states[names.report_aborted] = report_task(source, names.aborted, names.aborted_not_sent);
  states[names.aborted] = failure(aborted, halted_words());
  states[names.not_sent] =
      failure("ReportNotSent", "('All environments are ready, but nobody was told: ' & " + not_sent + ")");
  states[names.aborted_not_sent] =
      failure(aborted,
              "($join($states.input.input[status = 'halted'].(environment & ': ' & reason), '; ') & "
              "'; and nobody was told: ' & " +
                  not_sent + ")");
  std::vector<std::string> environments;
  environments.reserve(source.environments.size());
  for (const auto* environment : source.environments) environments.push_back(environment->name);
  return {{"Comment", fmt::format("Lamplighter: {} {} of {}", tasks::to_string(source.action),
                                  fmt::join(environments, ", "), source.fleet.name)},
          {"QueryLanguage", "JSONata"},
          {"StartAt", names.all},
          {"States", std::move(states)}};
}

/// What Step Functions would refuse, or what could not flow through its payloads.
Status check_size(const Source& source, const json::object& definition) {
  const std::size_t bytes = json_text(definition).size();
  if (bytes > limits::kDefinitionBytes) {
    return fail(
        ErrorKind::bad_input, "FleetTooLarge",
        fmt::format(
            "the state machine has {} bytes, expected at most {}: split the fleet, or select servers by tags",
            bytes, limits::kDefinitionBytes));
  }
  const std::size_t report = json_text(report_task(source, "", "").at("Arguments")).size();
  if (report > kMaxReportArguments) {
    return fail(
        ErrorKind::bad_input, "FleetTooLarge",
        fmt::format(
            "the selectors of all servers have {} bytes, expected at most {}: split the fleet, or select "
            "servers by tags",
            report, kMaxReportArguments));
  }
  return {};
}

}  // namespace

Result<json::value> compile(const fleet::Fleet& fleet, tasks::Action action, const CompileOptions& options) {
  auto chosen = TRY(choose(fleet, options.environments));
  const tasks::Pace pace =
      options.pace ? *options.pace : TRY(fitting_pace(fleet, options.environments, kEmbeddedPaces));
  const Source source{fleet, action, options, std::move(chosen), pace};
  json::object definition = machine(source);
  CHECK_OK(check_size(source, definition));
  return definition;
}

}  // namespace lamplighter::machine
