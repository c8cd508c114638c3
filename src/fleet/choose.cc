#include "fleet/choose.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/plain_text.h"

namespace lamplighter::fleet {

Result<std::vector<const Environment*>> choose(const Fleet& fleet, const std::vector<std::string>& names) {
  std::vector<std::string> known;
  known.reserve(fleet.environments.size());
  for (const auto& environment : fleet.environments) known.push_back(environment.name);
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return fail(ErrorKind::bad_input, "UnknownEnvironment",
                  fmt::format("found the environment \"{}\", expected one of {}", plain_line(name),
                              fmt::join(known, ", ")));
    }
  }
  std::vector<const Environment*> chosen;
  for (const auto& environment : fleet.environments) {
    const bool named = std::find(names.begin(), names.end(), environment.name) != names.end();
    if (names.empty() || named) chosen.push_back(&environment);
  }
  return chosen;
}

}  // namespace lamplighter::fleet
