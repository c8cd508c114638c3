#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"
#include "fleet/overlaps.h"
#include "fleet/parts.h"
#include "fleet/pattern.h"

namespace lamplighter::fleet {
namespace {

constexpr std::size_t kMaxName = 40;
constexpr std::size_t kMaxTagKey = 128;
constexpr std::size_t kMaxTagValue = 256;
constexpr Duration kMaxDuration = std::chrono::hours{24 * 7};

bool is_instance_id(const std::string& text) {
  static const Pattern pattern("i-([0-9a-f]{8}|[0-9a-f]{17})");
  return pattern.matches(text);
}

/// Reads the environments one by one and remembers which servers each phase has.
class EnvironmentReader {
 public:
  explicit EnvironmentReader(Reader& reader) : reader_(reader) {}

  std::optional<Environment> read(const YamlMember& member, const Defaults& fleet_defaults) {
    Environment environment;
    environment.name = reader_.name(member.key, "an environment's name", kMaxName).value_or("");
    if (environment.name == "all") {
      reader_.error(member.key.place,
                    "found an environment called \"all\", expected another name: schedules use that word");
    }
    const auto members =
        reader_.mapping(member.value, keys::kEnvironment, "an environment: phases, region, role, …");
    if (!members) return std::nullopt;
    const Defaults defaults = read_defaults(reader_, *members, fleet_defaults);
    environment.region = defaults.region;
    environment.role_arn = defaults.role_arn;
    environment.account = defaults.account;
    if (environment.region.empty() && members->find("region") == nullptr) {
      reader_.error(member.key.place,
                    fmt::format("found no \"region\" for {}, expected one here or at the top of the file",
                                environment.name));
    }
    const YamlNode& at = member.value.members.empty() ? member.key : member.value;
    if (const auto* node = reader_.required(*members, "phases", at, "a list of phases in start order")) {
      read_phases(*node, environment, defaults);
    }
    return environment;
  }

  /// Once all have been read: what only several of them together show.
  void check() { overlaps_.check(reader_); }

 private:
  void read_phases(const YamlNode& node, Environment& environment, const Defaults& defaults) {
    if (!reader_.list(node, "a list of phases in start order")) return;
    std::map<std::string, Place> names;
    for (const YamlNode& item : node.items) {
      auto phase = read_phase(item, environment, defaults);
      if (!phase) continue;
      const auto [first, fresh] = names.try_emplace(phase->name, item.place);
      if (!fresh && !phase->name.empty()) {
        reader_.error(
            item.place,
            fmt::format("found a second phase \"{}\" in {}, expected another name (the first is at line {})",
                        phase->name, environment.name, first->second.line));
      }
      environment.phases.push_back(*std::move(phase));
    }
  }

  std::optional<Phase> read_phase(const YamlNode& node, const Environment& environment,
                                  const Defaults& inherited) {
    const auto members = reader_.mapping(node, keys::kPhase, "a phase: name, servers, settle, timeout");
    if (!members) return std::nullopt;
    Phase phase;
    if (const auto* name = reader_.required(*members, "name", node, "the phase's name")) {
      phase.name = reader_.name(*name, "a phase's name", kMaxName).value_or("");
    }
    const Defaults defaults = read_defaults(reader_, *members, inherited);
    phase.settle = defaults.settle;
    phase.timeout = defaults.timeout;
    where_ = fmt::format("{}/{}", environment.name, phase.name);
    scope_ = fmt::format("{} {} ", environment.region, environment.role_arn);
    if (const auto* servers = reader_.required(*members, "servers", node, "the phase's servers")) {
      read_servers(*servers, phase.servers);
    }
    return phase;
  }

  void read_servers(const YamlNode& node, tasks::Selector& selector) {
    constexpr std::string_view kExpected =
        "a list of Name tags and instance ids, or a mapping: names, ids, tags";
    if (node.kind != YamlNode::Kind::mapping) {
      if (!reader_.list(node, kExpected)) return;
      for (const YamlNode& item : node.items) read_listed(item, selector);
      return;
    }
    const auto members = reader_.mapping(node, keys::kServers, kExpected);
    if (node.members.empty())
      reader_.error(node.place, fmt::format("found an empty mapping, expected {}", kExpected));
    if (const auto* names = members->find("names");
        names != nullptr && reader_.list(*names, "a list of Name tags")) {
      for (const YamlNode& item : names->items) read_name(item, selector);
    }
    if (const auto* ids = members->find("ids");
        ids != nullptr && reader_.list(*ids, "a list of instance ids")) {
      for (const YamlNode& item : ids->items) read_id(item, selector);
    }
    if (const auto* tags = members->find("tags")) read_tags(*tags, selector);
  }

  void read_listed(const YamlNode& item, tasks::Selector& selector) {
    if (item.kind == YamlNode::Kind::scalar && is_instance_id(item.text)) {
      read_id(item, selector);
    } else {
      read_name(item, selector);
    }
  }

  void read_name(const YamlNode& item, tasks::Selector& selector) {
    constexpr std::string_view kExpected = "a server's Name tag";
    const auto name = reader_.text(item, kExpected);
    if (!name) return;
    if (count_characters(*name) > kMaxTagValue || name->find_first_of("*?\\") != std::string::npos) {
      reader_.error(item.place,
                    fmt::format("found {}, expected {}, exactly: without *, ? or \\ (several servers are "
                                "found by tags)",
                                describe(item), kExpected));
      return;
    }
    const tasks::Tags tag{{"Name", *name}};
    if (!only_here(item, scope_ + describe(tag), *name)) return;
    overlaps_.add(where_, scope_, tag, item.place);
    selector.names.push_back(*name);
  }

  void read_id(const YamlNode& item, tasks::Selector& selector) {
    constexpr std::string_view kExpected = "an instance id such as i-0123456789abcdef0";
    const auto id = reader_.text(item, kExpected);
    if (!id) return;
    if (!is_instance_id(*id)) {
      reader_.error(item.place, fmt::format("found {}, expected {}", describe(item), kExpected));
    } else if (only_here(item, "id " + *id, *id)) {
      selector.ids.push_back(*id);
    }
  }

  void read_tags(const YamlNode& node, tasks::Selector& selector) {
    constexpr std::string_view kExpected = "tags such as {Environment: dev, Tier: app}, or a list of such";
    if (node.kind == YamlNode::Kind::sequence) {
      if (!reader_.list(node, kExpected)) return;
      for (const YamlNode& item : node.items) read_tag_set(item, selector, kExpected);
    } else {
      read_tag_set(node, selector, kExpected);
    }
  }

  void read_tag_set(const YamlNode& node, tasks::Selector& selector, std::string_view expected) {
    if (!reader_.free_mapping(node, expected)) return;
    tasks::Tags tags;
    for (const YamlMember& member : node.members) {
      const auto key = reader_.text(member.key, "a tag's key");
      const auto value = reader_.text(member.value, "a tag's value");
      if (!key || !value) return;
      if (count_characters(*key) > kMaxTagKey || count_characters(*value) > kMaxTagValue ||
          value->find_first_of("*?\\") != std::string::npos) {
        reader_.error(
            member.key.place,
            fmt::format(
                "found the tag {}: {}, expected a key of at most {} and a value of at most {} characters, "
                "exactly: without *, ? or \\",
                describe(member.key), describe(member.value), kMaxTagKey, kMaxTagValue));
        return;
      }
      tags[*key] = *value;
    }
    const std::string described = describe(tags);
    if (!only_here(node, scope_ + described, described)) return;
    overlaps_.add(where_, scope_, tags, node.place);
    selector.tags.push_back(std::move(tags));
  }

  /// A server belongs to one phase. `identity` says which server, wherever it is listed.
  bool only_here(const YamlNode& item, const std::string& identity, const std::string& what) {
    const auto [first, fresh] = seen_.try_emplace(identity, item.place, where_);
    if (fresh) return true;
    const auto& [place, phase] = first->second;
    reader_.error(item.place, fmt::format("found {} in {}, expected each server in one phase, once (it is in "
                                          "{} at line {}, column {} already)",
                                          what, where_, phase, place.line, place.column));
    return false;
  }

  Reader& reader_;
  Overlaps overlaps_;
  std::string where_;  ///< "dev/db": the phase being read
  std::string scope_;  ///< its region and role: within them a Name tag means one server
  std::map<std::string, std::pair<Place, std::string>> seen_;
};

}  // namespace

Defaults read_defaults(Reader& reader, const Members& members, Defaults inherited) {
  if (const auto* node = members.find("region")) inherited.region = reader.region(*node).value_or(node->text);
  if (const auto* node = members.find("role")) inherited.role_arn = reader.role_arn(*node).value_or("");
  if (const auto* node = members.find("account")) inherited.account = reader.account(*node).value_or("");
  if (const auto* node = members.find("settle")) {
    inherited.settle = reader.duration(*node, Duration::zero(), kMaxDuration).value_or(inherited.settle);
  }
  if (const auto* node = members.find("timeout")) {
    inherited.timeout =
        reader.duration(*node, std::chrono::seconds{1}, kMaxDuration).value_or(inherited.timeout);
  }
  return inherited;
}

std::vector<Environment> read_environments(Reader& reader, const YamlNode& node, const Defaults& defaults) {
  std::vector<Environment> environments;
  if (node.kind != YamlNode::Kind::mapping || node.members.empty()) {
    reader.error(
        node.place,
        fmt::format("found {}, expected at least one environment: \"dev: {{phases: […]}}\"", describe(node)));
    return environments;
  }
  reader.free_mapping(node, "environments");
  EnvironmentReader environment_reader(reader);
  std::set<std::string> names;
  for (const YamlMember& member : node.members) {
    if (member.key.kind != YamlNode::Kind::scalar || !names.insert(member.key.text).second) continue;
    if (auto environment = environment_reader.read(member, defaults))
      environments.push_back(*std::move(environment));
  }
  environment_reader.check();
  return environments;
}

}  // namespace lamplighter::fleet
