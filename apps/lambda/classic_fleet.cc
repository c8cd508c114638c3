#include "apps/lambda/classic_fleet.h"

#include <map>

#include <fmt/format.h>

#include "fleet/parse.h"
#include "fleet/recipients.h"

namespace lamplighter::cli {
namespace {

/// Every phase by "environment/phase".
std::map<std::string, tasks::ClassicPhase> phases_by_name(const fleet::Fleet& fleet) {
  std::map<std::string, tasks::ClassicPhase> out;
  for (const auto& environment : fleet.environments) {
    for (const auto& phase : environment.phases) {
      out[environment.name + "/" + phase.name] = {environment.name,     phase.name,    environment.region,
                                                  environment.role_arn, phase.servers, phase.timeout,
                                                  fleet.alarms};
    }
  }
  return out;
}

Result<fleet::Fleet> read_fleet(const std::string& text, const std::string& path, const std::string& region) {
  auto parsed = fleet::parse(text, region);
  if (parsed.errors.empty()) return std::move(parsed.fleet);
  const auto& error = parsed.errors.front();
  return fail(ErrorKind::bad_input, "InvalidFleet",
              fmt::format("{}:{}:{}: {}", path, error.line, error.column, error.message));
}

}  // namespace

Result<tasks::ClassicFleet> load_classic_fleet(const Host& host) {
  const auto folder = host.variable("LAMBDA_TASK_ROOT").value_or("/var/task");
  const auto path = host.variable("LAMPLIGHTER_FLEET").value_or(folder + "/fleet.yaml");
  const auto text = TRY(host.read_file(path));
  if (!text) return tasks::ClassicFleet{};
  const auto fleet = TRY(read_fleet(*text, path, ""));
  const auto topics = fleet::topics_of(fleet);
  const fleet::Notify topic = topics.empty() ? fleet::Notify() : *topics.front();
  tasks::ClassicFleet classic{fleet.name, topic.sns, topic.region, {}};
  if (fleet.classic.empty()) return classic;
  const auto by_name = phases_by_name(fleet);
  for (const auto& name : fleet.classic) {
    classic.phases.push_back(name.empty() ? tasks::ClassicPhase() : by_name.at(name));
  }
  return classic;
}

}  // namespace lamplighter::cli
