#include "tasks/census.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "tasks/managed.h"
#include "tasks/words.h"

namespace lamplighter::tasks {
namespace {

constexpr std::size_t kNames = 10;
constexpr std::size_t kClauses = 8;

using SaidOf = std::vector<std::pair<std::string, std::string>>;

struct Place {
  const Census* census;
  const Census::Phase* phase;
};
/// By instance id.
using Places = std::map<std::string, std::vector<Place>>;

bool is_named(const Selector& selector, const Server& server) {
  const auto holds = [](const std::vector<std::string>& texts, const std::string& text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
  };
  return holds(selector.names, server.instance.name()) || holds(selector.ids, server.instance.id);
}

Census::Phase count_phase(const DescribedPhase& described, Found found) {
  Census::Phase phase{described.name, {}, {}, std::move(found.missing)};
  for (auto& server : found.servers) {
    const std::string manager = manager_of(server.instance);
    if (manager.empty()) {
      phase.members.push_back(std::move(server));
      continue;
    }
    if (is_named(described.servers, server)) {
      phase.missing.push_back({server.name, server.instance.id, manager + ", and is left alone"});
    }
    phase.left_alone.push_back(std::move(server));
  }
  if (phase.members.empty() && phase.missing.empty()) {
    for (const auto& server : phase.left_alone) {
      phase.missing.push_back(
          {server.name, server.instance.id, manager_of(server.instance) + ", and is left alone"});
    }
  }
  return phase;
}

Places places_of(const std::vector<Census>& censuses) {
  Places places;
  for (const auto& census : censuses) {
    for (const auto& phase : census.phases) {
      for (const auto& server : phase.members) places[server.instance.id].push_back({&census, &phase});
    }
  }
  return places;
}

std::string words_of(const std::vector<Place>& places) {
  std::string words = "is in ";
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string_view before = i == 0 ? "" : i + 1 < places.size() ? ", in " : " and in ";
    words += fmt::format("{}{} {}", before, places[i].census->environment, places[i].phase->name);
  }
  return words + ": a server can be in one phase only";
}

/// What is in the way of one phase.
SaidOf said_of(const Census::Phase& phase, const Places& places) {
  SaidOf said;
  for (const auto& missing : phase.missing) said.emplace_back(missing.name, missing.reason);
  for (const auto& server : phase.members) {
    const auto& where = places.at(server.instance.id);
    if (where.size() > 1) said.emplace_back(server.name, words_of(where));
  }
  return said;
}

Obstacle obstacle_of(const Census& census, const Places& places) {
  for (const auto& phase : census.phases) {
    const SaidOf said = said_of(phase, places);
    if (!said.empty()) return {phase.name, tell(said, kNames, kClauses)};
  }
  return {};
}

}  // namespace

Memberships Census::memberships() const {
  Memberships memberships;
  for (const auto& phase : phases) {
    Membership& membership = memberships[phase.name];
    for (const auto& server : phase.members) {
      membership.first_states[server.instance.state].push_back(server.instance.id);
    }
    for (const auto& server : phase.left_alone) {
      membership.left_alone[manager_of(server.instance)].push_back(server.instance.id);
    }
  }
  return memberships;
}

Result<std::vector<Census>> count_servers(Directory& directory,
                                          const std::vector<const DescribedEnvironment*>& environments) {
  std::vector<const Selector*> selectors;
  for (const auto* environment : environments) {
    for (const auto& phase : environment->phases) selectors.push_back(&phase.servers);
  }
  auto found = TRY(find_servers(directory, selectors));
  std::vector<Census> censuses;
  auto next = found.begin();
  for (const auto* environment : environments) {
    Census census{environment->name, {}};
    for (const auto& phase : environment->phases) {
      census.phases.push_back(count_phase(phase, std::move(*next++)));
    }
    censuses.push_back(std::move(census));
  }
  return censuses;
}

std::vector<Obstacle> obstacles(const std::vector<Census>& censuses) {
  const Places places = places_of(censuses);
  std::vector<Obstacle> found;
  found.reserve(censuses.size());
  for (const auto& census : censuses) found.push_back(obstacle_of(census, places));
  return found;
}

}  // namespace lamplighter::tasks
