#include "bench/support/critical_path.h"

#include <algorithm>
#include <map>
#include <string>

#include "json/json.h"

namespace lamplighter::bench {
namespace {

/// What each server's last start or stop took by itself, in seconds, by name.
std::map<std::string, double> own_times(tasks::Action action, simcloud::Cloud& cloud, Time now) {
  std::map<std::string, double> times;
  const std::string_view member = action == tasks::Action::start ? "start_ms" : "stop_ms";
  for (const json::value& server : cloud.servers(now)) {
    times[get_string(server, "name")] = static_cast<double>(get_int(server, member)) / 1000;
  }
  return times;
}

}  // namespace

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

double critical_path(const fleet::Fleet& fleet, tasks::Action action, simcloud::Cloud& cloud, Time now) {
  const auto own = own_times(action, cloud, now);
  double longest = 0;
  for (const fleet::Environment& environment : fleet.environments) {
    double length = 0;
    for (const fleet::Phase& phase : environment.phases) {
      double slowest = 0;
      for (const std::string& name : phase.servers.names) slowest = std::max(slowest, own.at(name));
      length += slowest;
    }
    longest = std::max(longest, length);
  }
  return longest;
}

}  // namespace lamplighter::bench
