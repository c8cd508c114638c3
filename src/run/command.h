// A command of this program as it is printed: it can be pasted into a shell and does what was meant.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/host.h"
#include "run/cloud_access.h"

namespace lamplighter::run {

struct Command {
  std::string verb;
  std::vector<std::string> arguments = {};  ///< environments, or an execution
  std::string file = {};                    ///< "", here and below, for what was not given
  std::string region = {};
  std::optional<AwsOptions> aws = {};  ///< nullopt: as the execution remembers, or not at all
  std::string state_dir = {};
  double speed = 1;
};

/// The command line, quoted for a POSIX shell. Variables of `host` that stand in for an option that was not
/// given (XDG_STATE_HOME; with `aws`, those of aws_variables.h) stand before it: it may be pasted elsewhere.
std::string command_text(const Command& command, const Host& host);

}  // namespace lamplighter::run
