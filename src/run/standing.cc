#include "run/standing.h"

#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tasks/census.h"
#include "tasks/target.h"

namespace lamplighter::run {
namespace {

std::string words_of(const tasks::Census::Phase& phase) {
  std::map<std::string, std::size_t> counts;
  for (const tasks::Server& server : phase.members) ++counts[server.instance.state];
  std::vector<std::string> parts;
  for (const auto& [state, count] : counts) parts.push_back(fmt::format("{} {}", count, state));
  if (!phase.missing.empty()) parts.push_back(fmt::format("{} missing", phase.missing.size()));
  if (parts.empty()) parts.emplace_back("no servers");
  return fmt::format("{} {}", phase.name, fmt::join(parts, ", "));
}

Result<std::string> words_of(aws::Caller& caller, const tasks::DescribedEnvironment& environment) {
  tasks::Ec2Directory directory(caller, tasks::target_of(environment));
  const auto census = TRY(tasks::count_servers(directory, {&environment}));
  std::vector<std::string> phases;
  for (const auto& phase : census.front().phases) phases.push_back(words_of(phase));
  return fmt::format("{}", fmt::join(phases, "; "));
}

}  // namespace

Result<std::vector<std::string>> standing_of(aws::Caller& caller, const machine::Shape& shape) {
  std::vector<std::string> lines;
  std::vector<Error> errors;
  for (const machine::EnvironmentShape& environment : shape.environments) {
    const auto words = words_of(caller, environment.described);
    if (!words) errors.push_back(words.error());
    lines.push_back(fmt::format("{}: {}", environment.name(), words ? *words : words.error().message));
  }
  if (errors.empty() || errors.size() < lines.size()) return lines;
  return tl::unexpected(with_context(errors.front(), "nothing was changed: AWS can't be reached or refuses"));
}

}  // namespace lamplighter::run
