// What people call an execution.
#pragma once

#include <string>
#include <string_view>

namespace lamplighter::tasks {

/// The name of the execution that an ARN or name stands for.
std::string execution_name(std::string_view execution);

}  // namespace lamplighter::tasks
