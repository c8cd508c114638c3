// What people call an execution, and what leases call it where several engines share a table.
#pragma once

#include <string>
#include <string_view>

namespace lamplighter::tasks {

/// The name of the execution that an ARN, a name or a holder's name stands for.
std::string execution_name(std::string_view execution);

/// An execution among those of several engines, which may have the same ARNs: "ARN#ENGINE"; the ARN alone
/// for an engine without an id, as AWS's are.
std::string holder_name(const std::string& execution, std::string_view engine);

/// Such a name taken apart.
struct HolderName {
  std::string execution;
  std::string engine;
};
HolderName read_holder_name(std::string_view holder);

}  // namespace lamplighter::tasks
