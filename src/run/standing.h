// A look at where a run's servers stand, before it goes on.
#pragma once

#include <string>
#include <vector>

#include "aws/client/caller.h"
#include "base/result.h"
#include "machine/shape.h"

namespace lamplighter::run {

/// A line an environment, its phases in the order in which they are worked on: "dev: db 3 running; app 1
/// running, 3 stopped". Error: the first environment's, where none can be looked at.
Result<std::vector<std::string>> standing_of(aws::Caller& caller, const machine::Shape& shape);

}  // namespace lamplighter::run
