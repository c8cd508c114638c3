// The simulated cloud: EC2, CloudWatch, the tagging API, SNS, STS, DynamoDB, EventBridge and SSM for a set of
// servers, deterministic by seed, with faults on request. A pure core: no clock, thread or socket. The
// simulation driver calls it in-process (transport.h); `lamplighter simulate` serves it over HTTP.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "http/transport.h"
#include "json/json.h"
#include "simcloud/fault.h"

namespace lamplighter::simcloud {

/// One server to begin with.
struct ServerSpec {
  std::string id;  ///< "" for one made from the seed and the name
  std::string name;
  std::string region;
  std::vector<std::pair<std::string, std::string>> tags;  ///< besides Name
  std::string state = "stopped";                          ///< stopped or running
  bool muted_alarms = false;  ///< its alarms' actions begin disabled by Lamplighter, as after a stop
  std::string muted_by{};     ///< the value of the tag that says so; "" for the cloud's
};

/// One alarm to begin with, beside those that come with the servers.
struct AlarmSpec {
  std::string name{};
  std::string region{};
  std::string server{};  ///< its Name: the alarm has its InstanceId as dimension; "" for none
  std::string rule{};    ///< of a composite alarm; "" for a metric alarm
  bool actions_enabled = true;
  std::vector<std::pair<std::string, std::string>> tags{};
};

/// A DynamoDB table to begin with, which every region has.
struct TableSpec {
  std::string name;
  std::string partition_key;  ///< a text, as the sort key
  std::string sort_key;       ///< "" for none
};

struct CloudSpec {
  std::uint64_t seed = 1;
  std::vector<ServerSpec> servers;
  std::vector<AlarmSpec> alarms;
  bool one_alarm_each = false;      ///< a server has just one alarm, and none that a person has disabled
  std::vector<std::string> topics;  ///< SNS topics: names, which every region has, or ARNs
  std::vector<TableSpec> tables{};
  std::map<std::string, std::string> parameters{};  ///< SSM's, values by names, which every region has
  std::vector<Fault> faults;
  std::string account = "123456789012";
  /// What Lamplighter leaves on an alarm that it has muted (tasks/alarms.h).
  std::pair<std::string, std::string> muted_tag = {"lamplighter:muted", "simulated"};
};

/// Not thread safe: whoever serves it takes turns.
class Cloud {
 public:
  explicit Cloud(const CloudSpec& spec);
  ~Cloud();

  /// Answers one AWS request at `now`. nullopt: the connection is reset. `now` may go back a little from one
  /// call to the next; the cloud's own time never does. A GET of /_lamplighter/outbox, /_lamplighter/servers
  /// or
  /// /_lamplighter/alarms gives what the functions below give, as JSON.
  std::optional<http::Response> handle(const http::OutgoingRequest& request, Time now);

  /// The mails that SNS took, oldest first: [{topic, subject, message, at}].
  [[nodiscard]] json::array outbox() const;

  /// The events that buses took, oldest first: [{bus, source, detail_type, detail, at}]. At
  /// /_lamplighter/events.
  [[nodiscard]] json::array events() const;

  /// Each server's true state at `now`: [{id, name, state, instance_status, system_status, region,
  /// start_ms, stop_ms}], and each alarm's: [{name, actions_enabled, instance_id, region, tags}]. The
  /// milliseconds are what the server's last start took (or its first one will take) from the call until its
  /// checks passed, and its last stop from the call until it was stopped. For tests and demos; AWS has no
  /// such call.
  [[nodiscard]] json::array servers(Time now);
  [[nodiscard]] json::array alarms() const;

 private:
  struct State;
  std::optional<http::Response> answer(const http::OutgoingRequest& request);
  std::optional<http::Response> look_behind(std::string_view path);
  std::unique_ptr<State> state_;
};

}  // namespace lamplighter::simcloud
