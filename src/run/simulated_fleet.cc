#include "run/simulated_fleet.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/arn.h"
#include "coordination/dynamodb_table.h"
#include "fleet/recipients.h"
#include "tasks/alarm_mark.h"

namespace lamplighter::run {
namespace {

using tasks::value_of;

constexpr int kServersPerTags = 2;

/// Collects the servers of a fleet, and keeps invented names apart from given ones.
class Inventor {
 public:
  Inventor(std::string fleet, tasks::Action action) : fleet_(std::move(fleet)), action_(action) {}

  void add_phase(const fleet::Environment& environment, const fleet::Phase& phase) {
    muted_by_ = value_of({fleet_, environment.name, phase.name, {}, ""});
    for (const std::string& name : phase.servers.names) add(environment.region, name, "", {});
    const std::string stem = fmt::format("{}-{}", environment.name, phase.name);
    for (const std::string& id : phase.servers.ids) add(environment.region, invented_name(stem), id, {});
    for (const tasks::Tags& tags : phase.servers.tags) {
      const auto name = tags.find("Name");
      const int count = name == tags.end() ? kServersPerTags : 1;
      for (int i = 0; i < count; ++i)
        add(environment.region, name == tags.end() ? invented_name(stem) : name->second, "", tags);
    }
  }

  void reserve_names(const tasks::Selector& selector) {
    taken_.insert(selector.names.begin(), selector.names.end());
  }

  std::vector<simcloud::ServerSpec> take() { return std::move(servers_); }

 private:
  void add(const std::string& region, const std::string& name, const std::string& id,
           const tasks::Tags& tags) {
    simcloud::ServerSpec server;
    server.id = id;
    server.name = name;
    server.region = region;
    server.tags.assign(tags.begin(), tags.end());
    server.state = action_ == tasks::Action::start ? "stopped" : "running";
    server.muted_alarms = action_ == tasks::Action::start;
    server.muted_by = muted_by_;
    servers_.push_back(std::move(server));
  }

  std::string invented_name(const std::string& stem) {
    int number = 1;
    while (!taken_.insert(fmt::format("{}-{}", stem, number)).second) ++number;
    return fmt::format("{}-{}", stem, number);
  }

  std::string fleet_;
  tasks::Action action_;
  std::string muted_by_;  ///< of the phase
  std::vector<simcloud::ServerSpec> servers_;
  std::set<std::string> taken_;
};

std::vector<simcloud::ServerSpec> servers_of(const fleet::Fleet& fleet, tasks::Action action) {
  Inventor inventor(fleet.name, action);
  for (const fleet::Environment& environment : fleet.environments) {
    for (const fleet::Phase& phase : environment.phases) inventor.reserve_names(phase.servers);
  }
  for (const fleet::Environment& environment : fleet.environments) {
    for (const fleet::Phase& phase : environment.phases) inventor.add_phase(environment, phase);
  }
  return inventor.take();
}

std::vector<std::string> topics_of(const fleet::Fleet& fleet, const std::string& account) {
  std::vector<std::string> topics;
  for (const fleet::Notify* one : fleet::topics_of(fleet)) {
    const bool is_whole = one->sns.starts_with("arn:") || one->region.empty();
    topics.push_back(is_whole ? one->sns : arn_in(one->region, "sns", account, one->sns).text());
  }
  return topics;
}

/// The URLs and secrets that webhooks name.
std::map<std::string, std::string> parameters_of(const fleet::Fleet& fleet) {
  std::map<std::string, std::string> parameters;
  for (const fleet::Notify& one : fleet.notify) {
    if (!one.webhook) continue;
    for (const auto& secret : {one.webhook->url, one.webhook->secret}) {
      if (secret.kind == tasks::SecretSource::Kind::ssm) parameters[secret.name] = kSimulatedUrl;
    }
  }
  return parameters;
}

/// A fault's server may be given by its id; the cloud knows it by its name.
Result<simcloud::Fault> read_fault(const std::string& text,
                                   const std::vector<simcloud::ServerSpec>& servers) {
  simcloud::Fault fault = TRY(simcloud::parse_fault(text));
  if (simcloud::fault_of(fault.kind) != simcloud::FaultOf::server) return fault;
  const auto named = std::find_if(servers.begin(), servers.end(), [&](const simcloud::ServerSpec& server) {
    return server.name == fault.server || (!server.id.empty() && server.id == fault.server);
  });
  if (named == servers.end()) {
    std::vector<std::string> names;
    names.reserve(servers.size());
    for (const simcloud::ServerSpec& server : servers) names.push_back(server.name);
    return fail(ErrorKind::bad_input, "InvalidFault",
                fmt::format("fault \"{}\": the fleet has no server \"{}\"; it has {}", text, fault.server,
                            fmt::join(names, ", ")));
  }
  fault.server = named->name;
  return fault;
}

}  // namespace

Result<simcloud::CloudSpec> simulated_fleet(const fleet::Fleet& fleet, const SimulatedFleetOptions& options) {
  simcloud::CloudSpec spec;
  spec.seed = options.seed;
  spec.servers = servers_of(fleet, options.action);
  spec.muted_tag = {std::string(tasks::kMutedTag), "an earlier stop"};
  spec.topics = topics_of(fleet, spec.account);
  spec.parameters = parameters_of(fleet);
  if (fleet.coordination.kind == tasks::Coordination::Kind::table) {
    spec.tables = {{fleet.coordination.table, std::string(coordination::kPartitionKey),
                    std::string(coordination::kSortKey)}};
  }
  for (const std::string& text : options.faults) spec.faults.push_back(TRY(read_fault(text, spec.servers)));
  return spec;
}

}  // namespace lamplighter::run
