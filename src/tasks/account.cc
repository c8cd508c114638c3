#include "tasks/account.h"

#include <fmt/format.h>

namespace lamplighter::tasks {

std::string wrong_account(const DescribedEnvironment& environment, const std::string& found) {
  if (environment.account.empty() || environment.account == found) return "";
  return fmt::format("nothing was changed: found account {} for {}, expected {} as the fleet file says",
                     found, environment.name, environment.account);
}

}  // namespace lamplighter::tasks
