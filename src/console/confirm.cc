#include "console/confirm.h"

#include <cstdio>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

namespace lamplighter::console {

bool confirm(const machine::Shape& shape) {
  if (shape.action != tasks::Action::stop || isatty(STDIN_FILENO) != 1) return true;
  std::vector<std::string> names;
  for (const machine::EnvironmentShape& environment : shape.environments) {
    names.push_back(fmt::format("{} ({})", environment.name, environment.region));
  }
  fmt::print(stderr, "Stop all servers of {}? [y/N] ", fmt::join(names, ", "));
  std::fflush(stderr);
  const int answer = std::getchar();
  return answer == 'y' || answer == 'Y';
}

}  // namespace lamplighter::console
