// `resume` beside a process that holds the state directory.
#pragma once

#include <string>

#include "base/result.h"

namespace lamplighter::run {

/// Whether nobody holds the state directory, so that what runs in it may be gone on with. Error: bad_input
/// "StateDirectoryInUse" naming who does, and how to watch what that carries on, or what to do about what it
/// left as it is. `wanted`: "" for whatever runs.
Status check_nobody_carries_on(const std::string& state_dir, const std::string& wanted);

}  // namespace lamplighter::run
