// All that the simulated cloud knows: servers, alarms, topics, mails, tables. Plain data that the services
// read and change; Cloud owns it.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "simcloud/cloud.h"
#include "simcloud/fault_plan.h"
#include "simcloud/simulated_server.h"

namespace lamplighter::simcloud {

/// A CloudWatch alarm: a metric alarm, mostly of one server, or a composite one.
struct SimulatedAlarm {
  std::string name;
  std::string arn;
  std::string region;
  std::string instance_id;  ///< "" for an alarm of no server
  std::string metric;       ///< of the namespace AWS/EC2
  std::string rule;         ///< of a composite alarm; "" for a metric alarm
  bool actions_enabled = true;
  std::map<std::string, std::string> tags;
  Time updated{};
};

struct SimulatedTopic {
  std::string arn;
  std::string region;
  int subscriptions = 0;  ///< that nobody has confirmed
  int confirmed = 0;
};

struct Mail {
  std::string topic_arn;
  std::string subject;
  std::string message;
  Time at{};
};

/// What a bus of EventBridge took.
struct BusEvent {
  std::string bus;
  std::string source;
  std::string detail_type;
  json::value detail;
  Time at{};
};

/// A parameter of Systems Manager.
struct SimulatedParameter {
  std::string value;
  std::string type = "String";
  int version = 0;
};

/// A DynamoDB table.
struct SimulatedTable {
  using Keys = std::pair<std::string, std::string>;  ///< partition and sort key; "" where it has no sort key

  std::string name;
  std::string arn;
  std::string partition_key;
  std::string sort_key;  ///< "" for none
  Time created{};
  std::map<Keys, json::object> items;
  std::size_t bytes = 0;  ///< of all items
};

struct World {
  explicit World(const CloudSpec& spec);

  /// Brings every server to the present. Time that runs backwards is taken for standing still.
  void advance(Time to);
  SimulatedServer* server(std::string_view region, std::string_view id);
  SimulatedAlarm* alarm(std::string_view region, std::string_view arn_or_name);
  SimulatedTopic* topic(std::string_view region, std::string_view arn);
  /// Adds a topic, or finds the one of that ARN.
  SimulatedTopic& add_topic(std::string_view region, std::string_view arn);
  SimulatedTable* table(std::string_view region, std::string_view name);
  SimulatedTable& add_table(std::string_view region, const TableSpec& spec);
  [[nodiscard]] std::string topic_arn(std::string_view region, std::string_view name) const;
  /// The topics of the cloud's description exist in every region, with a subscription that was confirmed,
  /// its tables and its parameters; they are made when one is first looked at.
  void visit(std::string_view region);

  std::string account;
  Random random;
  FaultPlan faults;
  Time now{};
  std::vector<SimulatedServer> servers;  ///< in the order of the description
  std::vector<SimulatedAlarm> alarms;    ///< by region, then name
  std::vector<SimulatedTopic> topics;
  std::deque<Mail> outbox;
  std::deque<BusEvent> events;
  std::map<std::pair<std::string, std::string>, SimulatedParameter> parameters;  ///< by region and name
  std::map<std::pair<std::string, std::string>, SimulatedTable> tables;          ///< by region and name
  std::map<std::string, std::string> sessions;  ///< access key → ARN of the assumed role

 private:
  void add_server(const ServerSpec& spec, const Random& durations);
  void add_described_topic(std::string_view region, const std::string& arn);
  void add_alarms(const SimulatedServer& server, const ServerSpec& of, const CloudSpec& spec);
  void add_alarm(const AlarmSpec& spec);

  std::map<std::pair<std::string, std::string>, std::size_t> server_index_;  ///< (region, id)
  std::vector<std::string> everywhere_;                                      ///< topic names
  std::vector<TableSpec> tables_everywhere_;
  std::map<std::string, std::string> parameters_everywhere_;
  std::vector<std::string> visited_;  ///< regions
};

/// The text of an answer's NextToken for the page that begins at `offset`, and back. nullopt: not such a
/// token.
std::string page_token(std::size_t offset);
std::optional<std::size_t> page_offset(std::string_view token);

}  // namespace lamplighter::simcloud
