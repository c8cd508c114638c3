// What a person is told before a run changes anything: how much, and where.
#pragma once

#include <string>
#include <vector>

#include "aws/client/caller.h"
#include "machine/shape.h"
#include "run/accounts.h"

namespace lamplighter::run {

/// Of one that can't be asked.
inline constexpr const char* kUnknownAccount = "unknown";

struct Overview {
  std::vector<std::string> environments;  ///< "dev (us-east-1)"
  std::vector<std::string> accounts;      ///< each once; "unknown" for those that can't be asked
  std::string credentials;                ///< whose they are: "profile ops"
  std::size_t servers = 0;
  bool more_servers = false;  ///< those of some phase could not be counted
};

/// Looks; never fails.
Overview overview_of(aws::Caller& caller, const std::string& credentials, const machine::Shape& shape,
                     const Accounts& environments);

}  // namespace lamplighter::run
