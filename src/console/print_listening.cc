#include "console/print_listening.h"

#include <cstdio>

#include <fmt/format.h>

#include "base/shell_quoted.h"
#include "base/words.h"
#include "console/print.h"

namespace lamplighter::console {
void print_simulated_cloud(const SimulatedCloud& cloud) {
  print_text(
      stdout,
      fmt::format("The simulated cloud of {} is at {} (seed {}, speed {}). Ctrl-C ends it.\n"
                  "Use it, for instance:\n"
                  "  export AWS_ENDPOINT_URL={} AWS_ACCESS_KEY_ID=simulated AWS_SECRET_ACCESS_KEY=simulated\n"
                  "  lamplighter start --file {}{}\n"
                  "  curl {}/_lamplighter/outbox\n",
                  count_of(cloud.servers, "server"), cloud.url, cloud.seed, cloud.speed, cloud.url,
                  shell_quoted(cloud.fleet_file),
                  cloud.speed == 1 ? "" : fmt::format(" --speed {}", cloud.speed), cloud.url));
  std::fflush(stdout);
}

}  // namespace lamplighter::console
