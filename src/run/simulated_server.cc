#include "run/simulated_server.h"

#include "base/clock.h"
#include "http/http_server.h"
#include "run/leave.h"
#include "simcloud/cloud.h"

namespace lamplighter::run {

Status serve_simulated(const fleet::Fleet& fleet, const SimulatedServer& options) {
  const simcloud::CloudSpec spec = TRY(simulated_fleet(fleet, options.fleet));
  simcloud::Cloud cloud(spec);
  const SystemClock clock(options.speed);
  const EndSignals end;
  // One worker: the cloud answers one request after the other.
  const http::HttpOptions http{.port = options.port, .workers = 1};
  const auto server = TRY(http::HttpServer::start(http, [&](const http::Request& request) {
    return cloud.handle({request, {}}, clock.now());
  }));
  options.listening(server->url(), spec.servers.size());
  end.wait();
  server->stop();
  return {};
}

}  // namespace lamplighter::run
