#include "simcloud/world.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/arn.h"

namespace lamplighter::simcloud {
namespace {

constexpr double kSecondAlarmChance = 0.7;
constexpr double kDisabledByAPersonChance = 0.1;
constexpr std::size_t kMostRegions = 100;
constexpr std::string_view kPagePrefix = "page-from-";

}  // namespace

World::World(const CloudSpec& spec)
    : account(spec.account),
      random(Random(spec.seed).fork("cloud")),
      faults(spec.faults, random.fork("faults")) {
  const Random durations = random.fork("servers");
  for (const ServerSpec& server_spec : spec.servers) {
    if (faults.lasts(FaultKind::missing, server_spec.name)) continue;
    add_server(server_spec, durations);
    add_alarms(servers.back(), server_spec, spec);
  }
  for (const AlarmSpec& alarm : spec.alarms) add_alarm(alarm);
  std::sort(alarms.begin(), alarms.end(), [](const SimulatedAlarm& a, const SimulatedAlarm& b) {
    return std::tie(a.region, a.name) < std::tie(b.region, b.name);
  });
  for (const std::string& topic : spec.topics) {
    if (const auto arn = parse_arn(topic))
      add_described_topic(arn->region, topic);
    else
      everywhere_.push_back(topic);
  }
  parameters_everywhere_ = spec.parameters;
  for (const TableSpec& table : spec.tables) {
    if (!faults.lasts(FaultKind::table_missing, table.name)) tables_everywhere_.push_back(table);
  }
}

void World::add_server(const ServerSpec& spec, const Random& durations) {
  const bool runs = spec.state == "running";
  const Fate fate = runs && faults.strikes(FaultKind::impaired, spec.name)          ? Fate::impaired
                    : runs && faults.strikes(FaultKind::impaired_volume, spec.name) ? Fate::impaired_volume
                                                                                    : Fate::well;
  SimulatedServer& server = servers.emplace_back(spec, durations, fate);
  if (faults.lasts(FaultKind::instance_store, spec.name)) server.root_device_type = "instance-store";
  server.is_spot = faults.lasts(FaultKind::one_time_spot, spec.name);
  server_index_[{server.region, server.id}] = servers.size() - 1;
}

void World::add_alarms(const SimulatedServer& server, const ServerSpec& of, const CloudSpec& spec) {
  const std::string name = server.name().empty() ? server.id : server.name();
  Random draw = random.fork("alarms").fork(server.region + "/" + name);
  const auto add = [&](std::string_view kind, std::string_view metric) {
    SimulatedAlarm alarm;
    alarm.name = fmt::format("{}-{}", name, kind);
    alarm.region = server.region;
    alarm.instance_id = server.id;
    alarm.metric = metric;
    alarm.arn = arn_in(server.region, "cloudwatch", account, "alarm:" + alarm.name).text();
    if (!spec.one_alarm_each && draw.chance(kDisabledByAPersonChance)) {
      alarm.actions_enabled = false;
    } else if (of.muted_alarms) {
      alarm.actions_enabled = false;
      alarm.tags[spec.muted_tag.first] = of.muted_by.empty() ? spec.muted_tag.second : of.muted_by;
    }
    alarms.push_back(std::move(alarm));
  };
  add("status-check", "StatusCheckFailed");
  if (!spec.one_alarm_each && draw.chance(kSecondAlarmChance)) add("cpu", "CPUUtilization");
}

void World::add_alarm(const AlarmSpec& spec) {
  SimulatedAlarm alarm;
  alarm.name = spec.name;
  alarm.region = spec.region;
  alarm.metric = "CPUUtilization";
  alarm.rule = spec.rule;
  alarm.arn = arn_in(spec.region, "cloudwatch", account, "alarm:" + spec.name).text();
  alarm.actions_enabled = spec.actions_enabled;
  alarm.tags.insert(spec.tags.begin(), spec.tags.end());
  const auto watched = std::find_if(servers.begin(), servers.end(), [&](const SimulatedServer& each) {
    return each.region == spec.region && each.name() == spec.server;
  });
  if (!spec.server.empty() && watched != servers.end()) alarm.instance_id = watched->id;
  alarms.push_back(std::move(alarm));
}

void World::advance(Time to) {
  now = std::max(now, to);
  for (SimulatedServer& each : servers) each.advance(now);
}

SimulatedServer* World::server(std::string_view region, std::string_view id) {
  const auto found = server_index_.find({std::string(region), std::string(id)});
  return found == server_index_.end() ? nullptr : &servers[found->second];
}

SimulatedAlarm* World::alarm(std::string_view region, std::string_view arn_or_name) {
  const auto found = std::find_if(alarms.begin(), alarms.end(), [&](const SimulatedAlarm& each) {
    return each.region == region && (each.name == arn_or_name || each.arn == arn_or_name);
  });
  return found == alarms.end() ? nullptr : &*found;
}

SimulatedTopic* World::topic(std::string_view region, std::string_view arn) {
  const auto found = std::find_if(topics.begin(), topics.end(), [&](const SimulatedTopic& each) {
    return each.region == region && each.arn == arn;
  });
  return found == topics.end() ? nullptr : &*found;
}

SimulatedTopic& World::add_topic(std::string_view region, std::string_view arn) {
  if (SimulatedTopic* known = topic(region, arn)) return *known;
  return topics.emplace_back(SimulatedTopic{std::string(arn), std::string(region)});
}

void World::add_described_topic(std::string_view region, const std::string& arn) {
  const auto parts = parse_arn(arn);
  if (parts && faults.lasts(FaultKind::topic_missing, parts->resource)) return;
  add_topic(region, arn).confirmed = 1;
}

std::string World::topic_arn(std::string_view region, std::string_view name) const {
  return arn_in(region, "sns", account, name).text();
}

SimulatedTable* World::table(std::string_view region, std::string_view name) {
  const auto found = tables.find({std::string(region), std::string(name)});
  return found == tables.end() ? nullptr : &found->second;
}

SimulatedTable& World::add_table(std::string_view region, const TableSpec& spec) {
  SimulatedTable& table = tables[{std::string(region), spec.name}];
  table.name = spec.name;
  table.arn = arn_in(region, "dynamodb", account, "table/" + spec.name).text();
  table.partition_key = spec.partition_key;
  table.sort_key = spec.sort_key;
  table.created = now;
  return table;
}

void World::visit(std::string_view region) {
  if (visited_.size() >= kMostRegions ||
      std::find(visited_.begin(), visited_.end(), region) != visited_.end())
    return;
  visited_.emplace_back(region);
  for (const std::string& name : everywhere_) add_described_topic(region, topic_arn(region, name));
  for (const TableSpec& table : tables_everywhere_) add_table(region, table);
  for (const auto& [name, value] : parameters_everywhere_)
    parameters[{std::string(region), name}] = {value, "SecureString", 1};
}

std::string page_token(std::size_t offset) { return fmt::format("{}{}", kPagePrefix, offset); }

std::optional<std::size_t> page_offset(std::string_view token) {
  if (token.empty()) return 0;
  if (!token.starts_with(kPagePrefix)) return std::nullopt;
  token.remove_prefix(kPagePrefix.size());
  std::size_t offset = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), offset);
  if (error != std::errc{} || end != token.data() + token.size()) return std::nullopt;
  return offset;
}

}  // namespace lamplighter::simcloud
