// One AWS request, understood: which service, region and action, and its parameters.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "http/transport.h"
#include "simcloud/answer.h"

namespace lamplighter::simcloud {

/// The parameters of a call, flat, as the ec2 and query protocols send them: "Filter.1.Value.2".
class CallParameters {
 public:
  void set(std::string name, std::string value) { values_[std::move(name)] = std::move(value); }
  [[nodiscard]] std::size_t size() const { return values_.size(); }
  [[nodiscard]] bool has(const std::string& name) const { return values_.contains(name); }
  /// "" where it is missing.
  [[nodiscard]] const std::string& get(const std::string& name) const;
  [[nodiscard]] bool is_true(const std::string& name) const;
  /// "PREFIX.1", "PREFIX.4", … for the numbers that occur, in their order.
  [[nodiscard]] std::vector<std::string> numbered(const std::string& prefix) const;
  /// The values of a list: of "InstanceId.1", "InstanceId.2" for "InstanceId".
  [[nodiscard]] std::vector<std::string> list(const std::string& prefix) const;
  /// A map's entries: of "Tags.NAME" and "Tags.ROLE" for "Tags".
  [[nodiscard]] std::map<std::string, std::string> entries(const std::string& prefix) const;

 private:
  std::map<std::string, std::string> values_;
};

struct Call {
  std::string service;  ///< the signing name: "ec2", "monitoring", "tagging", "sns", "sts", "dynamodb",
                        ///< "ssm", "events"
  std::string region;
  std::string access_key;
  std::string action;
  CallParameters parameters;
  json::object body;  ///< of the JSON protocols: what `parameters` has, as it was sent
  Protocol protocol = Protocol::query;
};

/// Service and region come from the Authorization header's credential scope, else from `request.signing`,
/// else the service from the API version. Bounded: a body of 2 MiB, 10,000 parameters. Signatures are not
/// checked: the simulated cloud knows nobody's secret.
tl::expected<Call, ApiError> parse_call(const http::OutgoingRequest& request);

/// Which protocol a request speaks, also where it can't be understood otherwise.
Protocol protocol_of(const http::OutgoingRequest& request);

}  // namespace lamplighter::simcloud
