// Whether an environment is in the account that its fleet file says: asked before anything is changed.
#pragma once

#include <string>

#include "tasks/protocol/environment.h"

namespace lamplighter::tasks {

/// What is wrong with `found` as the environment's account, in words; "" where it is the one, or any will do.
std::string wrong_account(const DescribedEnvironment& environment, const std::string& found);

}  // namespace lamplighter::tasks
