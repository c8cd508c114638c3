// An environment as tasks are told of it: where it is, its phases and how their servers are found.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"
#include "tasks/protocol/selector.h"

namespace lamplighter {
class Reader;
}

namespace lamplighter::tasks {

struct DescribedPhase {
  std::string name;
  Selector servers;
  Duration timeout{0};  ///< to become ready

  friend bool operator==(const DescribedPhase&, const DescribedPhase&) = default;
};

struct DescribedEnvironment {
  std::string name;
  std::string region;
  std::string role_arn = {};                ///< "" for the caller's own credentials
  std::vector<DescribedPhase> phases = {};  ///< in the order in which the action works on them
  std::string account = {};                 ///< the one that it must be in; "" for any

  friend bool operator==(const DescribedEnvironment&, const DescribedEnvironment&) = default;
};

/// The names by which servers are selected anywhere in them.
std::vector<std::string> names_in(const std::vector<DescribedEnvironment>& environments);

/// {"name", "region", "role", "account", "phases": [{"name", "servers", "timeout"}]}. An empty role or
/// account is left out: asl-validator takes no empty texts.
json::object to_json(const DescribedEnvironment& environment);
json::array to_json(const std::vector<DescribedEnvironment>& environments);

Result<DescribedEnvironment> read_environment(const Reader& fields);
/// The member "environments".
Result<std::vector<DescribedEnvironment>> read_environments(const Reader& fields);

/// The member "timeout", in whole seconds.
Result<Duration> read_timeout(const Reader& fields);

}  // namespace lamplighter::tasks
