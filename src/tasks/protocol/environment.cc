#include "tasks/protocol/environment.h"

#include "json/reader.h"

namespace lamplighter::tasks {
namespace {

constexpr std::int64_t kMaxTimeoutSeconds = 30LL * 24 * 3600;

json::object to_json(const DescribedPhase& phase) {
  return {{"name", phase.name},
          {"servers", to_json(phase.servers)},
          {"timeout", std::chrono::floor<std::chrono::seconds>(phase.timeout).count()}};
}

Result<DescribedPhase> read_phase(const Reader& fields) {
  DescribedPhase phase;
  phase.name = TRY(fields.nonempty_text("name"));
  phase.servers = TRY(read_selector(fields));
  phase.timeout = TRY(read_timeout(fields));
  return phase;
}

}  // namespace

std::vector<std::string> names_in(const std::vector<DescribedEnvironment>& environments) {
  std::vector<std::string> names;
  for (const auto& environment : environments) {
    for (const auto& phase : environment.phases) {
      names.insert(names.end(), phase.servers.names.begin(), phase.servers.names.end());
    }
  }
  return names;
}

json::object to_json(const DescribedEnvironment& environment) {
  json::array phases;
  for (const auto& phase : environment.phases) phases.push_back(to_json(phase));
  json::object object{
      {"name", environment.name}, {"region", environment.region}, {"phases", std::move(phases)}};
  if (!environment.role_arn.empty()) object["role"] = environment.role_arn;
  if (!environment.account.empty()) object["account"] = environment.account;
  return object;
}

json::array to_json(const std::vector<DescribedEnvironment>& environments) {
  json::array array;
  for (const auto& environment : environments) array.push_back(to_json(environment));
  return array;
}

Result<DescribedEnvironment> read_environment(const Reader& fields) {
  DescribedEnvironment environment;
  environment.name = TRY(fields.nonempty_text("name"));
  environment.region = TRY(fields.nonempty_text("region"));
  environment.role_arn = TRY(fields.optional_text("role"));
  environment.account = TRY(fields.optional_text("account"));
  for (const auto& phase : TRY(fields.objects("phases"))) {
    environment.phases.push_back(TRY(read_phase(phase)));
  }
  return environment;
}

Result<std::vector<DescribedEnvironment>> read_environments(const Reader& fields) {
  std::vector<DescribedEnvironment> environments;
  for (const auto& environment : TRY(fields.objects("environments"))) {
    environments.push_back(TRY(read_environment(environment)));
  }
  return environments;
}

Result<Duration> read_timeout(const Reader& fields) {
  return Duration(std::chrono::seconds{TRY(fields.whole_number("timeout", 1, kMaxTimeoutSeconds))});
}

}  // namespace lamplighter::tasks
